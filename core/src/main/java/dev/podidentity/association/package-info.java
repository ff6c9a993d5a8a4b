/** Pod identity associations: which role a service account's pods get, and its credentials. */
@NullMarked
package dev.podidentity.association;

import org.jspecify.annotations.NullMarked;
