package dev.podidentity.server.operations;

/**
 * Something without which the agent cannot do its work. Called for a probe, at most once at a time;
 * must come back within a second or two. What it throws counts as a failure. Implementations are
 * thread-safe.
 */
@FunctionalInterface
public interface ReadinessCheck {
  /** How it stands now. */
  CheckResult check();
}
