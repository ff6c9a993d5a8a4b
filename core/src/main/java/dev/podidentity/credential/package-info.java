/** Temporary credentials, and the sources that they come from. */
@NullMarked
package dev.podidentity.credential;

import org.jspecify.annotations.NullMarked;
