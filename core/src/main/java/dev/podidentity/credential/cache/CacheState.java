package dev.podidentity.credential.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What the cache holds and does at one moment, for gauges. The numbers are read one after the
 * other, not in one step.
 *
 * @param entries pods with credentials
 * @param nearestExpiry when the first of these credentials expires
 * @param firstWithout when the first pod that still asks would be without credentials if the source
 *     answered nobody from now on: an outage that ends before it takes nothing from a pod that has
 *     some
 * @param fetches exchanges of a token that have begun and not ended, queued ones included
 * @param waiters clients that wait for one of them
 * @param callsUnderWay calls that the source is working on
 * @param callsQueued calls that wait for one of those to end
 * @param renewalsDue renewals that wait for their turn
 * @param renewalsPausedUntil until when renewals pause because the source throttled; empty if they
 *     do not
 * @param eventsLost events that a slow listener was never told
 * @param overdue fetches, calls and verifications that have outlived {@link
 *     CacheSettings#fetchBudget}, or 1 for as long again after a fetch was ended for it
 * @param eventDelay for how long the event has waited that the listener is told now or next; zero
 *     without one
 */
public record CacheState(
    int entries,
    Optional<Instant> nearestExpiry,
    Optional<Instant> firstWithout,
    int fetches,
    int waiters,
    int callsUnderWay,
    int callsQueued,
    int renewalsDue,
    Optional<Instant> renewalsPausedUntil,
    long eventsLost,
    int overdue,
    Duration eventDelay) {}
