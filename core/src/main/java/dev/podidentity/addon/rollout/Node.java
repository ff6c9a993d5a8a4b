package dev.podidentity.addon.rollout;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What is known of one node. Mutable; its fleet's lock guards it. */
final class Node {
  final String name;

  /** The id of the revision whose agent is ready; empty for none. */
  String running = "";

  Instant readySince = Instant.MIN;

  /** The id of the revision to try before any other; empty for none. */
  String first;

  /** Whether it was asked what runs on it. */
  boolean looked;

  /** Whether its agent was stopped, in a deletion. */
  boolean stopped;

  /** Whether it has left, and only a call is still to return. */
  boolean gone;

  @Nullable NodeCall call;

  /** Failures in a row, and the id of the revision that failed. */
  int failures;

  String failedOn = "";
  String reason = "is not ready yet";
  Instant retryAt = Instant.MIN;

  Node(String name, String first) {
    this.name = name;
    this.first = first;
  }

  boolean isReady() {
    return !running.isEmpty() && call == null;
  }

  boolean mayStart(Instant now) {
    return call == null && running.isEmpty() && !now.isBefore(retryAt);
  }

  void failed(String revision, String why, Instant nextTry) {
    failures = failedOn.equals(revision) ? failures + 1 : 1;
    failedOn = revision;
    reason = why;
    retryAt = nextTry;
  }

  /** Forgets failures, but not what failed. */
  void freshStart() {
    failures = 0;
    retryAt = Instant.MIN;
  }
}
