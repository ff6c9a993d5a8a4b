/** A cluster on one machine: signing keys, pods, projected tokens and credentials, without AWS. */
@NullMarked
package dev.podidentity.local;

import org.jspecify.annotations.NullMarked;
