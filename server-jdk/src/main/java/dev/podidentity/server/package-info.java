/** The node agent as an HTTP server: {@link dev.podidentity.server.PodIdentityServer}. */
@NullMarked
package dev.podidentity.server;

import org.jspecify.annotations.NullMarked;
