package dev.podidentity.addon.rollout;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * One revision of the agents. A revision that is gone back to becomes the newest one: it keeps its
 * id and gets another number.
 *
 * @param id what tells it from every other revision, for as long as it lives
 * @param number its place in the history; the highest one is what nodes are to run
 * @param template what its agents are made from
 * @param createdAt when it got its number
 * @param cause who asked for it, in a few words
 */
public record AgentRevision(
    String id, int number, AgentTemplate template, Instant createdAt, String cause) {
  /** A revision. */
  public AgentRevision {
    requireNonNull(id, "id");
    requireNonNull(template, "template");
    requireNonNull(createdAt, "createdAt");
    requireNonNull(cause, "cause");
  }

  AgentRevision renumbered(int newNumber, Instant at, String newCause) {
    return new AgentRevision(id, newNumber, template, at, newCause);
  }
}
