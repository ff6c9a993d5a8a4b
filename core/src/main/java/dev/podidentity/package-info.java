/**
 * The node agent's decision: may a request be answered, and from which source. {@link
 * dev.podidentity.PodIdentityAgent} knows nothing of HTTP; it is what another server embeds.
 */
@NullMarked
package dev.podidentity;

import org.jspecify.annotations.NullMarked;
