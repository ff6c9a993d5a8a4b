package dev.podidentity.credential.cache;

import java.time.Instant;
import java.util.Optional;

/**
 * What the cache holds and does at one moment, for gauges. The numbers are read one after the
 * other, not in one step.
 *
 * @param entries pods with credentials
 * @param nearestExpiry when the first of these credentials expires: an outage that ends before it
 *     takes nothing from anybody
 * @param flights requests to the source that have begun and not ended, queued ones included
 * @param waiters clients that wait for one of them
 * @param callsUnderWay calls that the source is working on
 * @param callsQueued calls that wait for one of those to end
 * @param renewalsDue renewals that wait for their turn
 * @param eventsLost events that a slow listener was never told
 */
public record CacheState(
    int entries,
    Optional<Instant> nearestExpiry,
    int flights,
    int waiters,
    int callsUnderWay,
    int callsQueued,
    int renewalsDue,
    long eventsLost) {}
