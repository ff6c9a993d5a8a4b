/**
 * Where the agent listens, which of those addresses it needs, and which {@code Host} it accepts.
 */
@NullMarked
package dev.podidentity.binding;

import org.jspecify.annotations.NullMarked;
