/** What an application in a pod learns when it has no credentials. */
@NullMarked
package dev.podidentity.pod;

import org.jspecify.annotations.NullMarked;
