package dev.podidentity.local;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** Something that goes wrong in a local cluster for as long as it is switched on. */
public sealed interface Fault {
  /** EKS Auth says that it is asked too often. */
  record Throttle() implements Fault {}

  /** EKS Auth, and EKS, fail inside: status 500. */
  record ServerError() implements Fault {}

  /** EKS Auth is not available: status 503. EKS itself fails inside, which is all that it knows. */
  record Unavailable() implements Fault {}

  /**
   * Each answer takes so long.
   *
   * @param delay how long, in real time, whatever the cluster's clock shows
   */
  record Slow(Duration delay) implements Fault {
    /** Each answer takes so long. */
    public Slow {
      requireNonNull(delay, "delay");
    }
  }

  /** No answer comes, until the fault is switched off. */
  record Hang() implements Fault {}

  /** The connection ends where the answer should be. */
  record Reset() implements Fault {}

  /**
   * EKS Auth's clock is off.
   *
   * @param skew by how much it is ahead of the cluster's; negative if it is behind
   */
  record ClockSkew(Duration skew) implements Fault {
    /** EKS Auth's clock is off. */
    public ClockSkew {
      requireNonNull(skew, "skew");
    }
  }

  /**
   * EKS Auth does not know of what was created lately: EKS' API is eventually consistent.
   *
   * @param delay how old an association has to be, by the cluster's clock
   */
  record NotYetVisible(Duration delay) implements Fault {
    /** EKS Auth does not know of what was created lately. */
    public NotYetVisible {
      requireNonNull(delay, "delay");
    }
  }
}
