/** Pod identity associations: which role a service account's pods get. */
@NullMarked
package dev.podidentity.association;

import org.jspecify.annotations.NullMarked;
