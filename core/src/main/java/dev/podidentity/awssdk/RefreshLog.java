package dev.podidentity.awssdk;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is logged of fetches. Nothing that a logger throws gets out: a full disk or two versions of
 * SLF4J on the class path must not take credentials from an application that has them. Only calls
 * that SLF4J 1.7 has are made.
 */
final class RefreshLog {
  private RefreshLog() {}

  static void fetched(Instant expiration, @Nullable String accountId) {
    try {
      logger()
          .debug(
              "Fetched credentials of account {} from the Pod Identity agent, good until {}",
              accountId == null ? "(not told)" : accountId,
              expiration);
    } catch (RuntimeException | Error e) {
      // There is no other place to tell it.
    }
  }

  static void keptAfterFailure(Throwable failure) {
    try {
      logger()
          .warn(
              "Credentials could not be refreshed; those that are held are still valid: {}",
              failure.getMessage());
    } catch (RuntimeException | Error e) {
      // There is no other place to tell it.
    }
  }

  // Not a field: a broken binding fails where a logger is made.
  private static Logger logger() {
    return LoggerFactory.getLogger(RefreshingCredentials.class);
  }
}
