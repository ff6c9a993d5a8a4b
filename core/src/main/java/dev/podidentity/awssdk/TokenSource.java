package dev.podidentity.awssdk;

import org.jspecify.annotations.Nullable;

/** Where the token comes from that the agent is shown. Read at each fetch. */
@FunctionalInterface
interface TokenSource {
  /**
   * The token, checked as far as a pod can.
   *
   * @return null where the agent is asked without one, as on ECS
   * @throws PodIdentityException if there should be one and it cannot be used
   */
  @Nullable String read();
}
