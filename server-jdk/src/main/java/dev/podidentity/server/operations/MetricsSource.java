package dev.podidentity.server.operations;

import org.jspecify.annotations.Nullable;

/** Where {@code /metrics} comes from. Implementations are thread-safe. */
@FunctionalInterface
public interface MetricsSource {
  /**
   * The metrics as they are now.
   *
   * @param accept the formats that the client takes, from its {@code Accept} header; null if it did
   *     not say
   */
  MetricsPage page(@Nullable String accept);
}
