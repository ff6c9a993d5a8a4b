package dev.podidentity.server.metrics;

import dev.podidentity.credential.cache.CacheState;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What the cache holds and does, from one look at it for each scrape. */
final class CacheGauges implements MultiCollector {
  private static final double MILLIS_A_SECOND = 1e3;

  private final Supplier<CacheState> state;
  private final Clock clock;
  private final List<String> names;

  CacheGauges(Supplier<CacheState> state, Clock clock) {
    this.state = state;
    this.clock = clock;
    this.names =
        collect().stream().map(snapshot -> snapshot.getMetadata().getPrometheusName()).toList();
  }

  @Override
  public List<String> getPrometheusNames() {
    return names;
  }

  @Override
  public MetricSnapshots collect() {
    CacheState now = state.get();
    return MetricSnapshots.of(
        number("cache_entries", "Pods with credentials in the cache.", now.entries()),
        number("cache_flights", "Exchanges of tokens that are under way.", now.fetches()),
        number("cache_waiters", "Requests that wait for one of these exchanges.", now.waiters()),
        number(
            "upstream_calls_under_way",
            "Calls that EKS Auth, or whatever the source is, has not answered yet.",
            now.callsUnderWay()),
        number(
            "upstream_calls_queued", "Calls that wait for one of those to end.", now.callsQueued()),
        number("renewals_due", "Renewals that wait for their turn.", now.renewalsDue()),
        number(
            "throttle_active",
            "1 while renewals pause because EKS Auth throttled, else 0.",
            now.renewalsPausedUntil().isPresent() ? 1 : 0),
        time(
            "throttle_pause",
            "For how long this pause goes on; no sample without one.",
            now.renewalsPausedUntil()),
        time(
            "nearest_expiry",
            "When the first credentials in the cache expire; no sample when it is empty.",
            now.nearestExpiry()),
        time(
            "outage_survivable",
            "How long EKS Auth could be away before the first pod that still asks is without"
                + " credentials; no sample when the cache is empty.",
            now.firstWithout()),
        number(
            "cache_overdue",
            "Fetches and calls that have outlived their budget: their thread was lost, or hangs.",
            now.overdue()),
        seconds(
            "cache_event_delay",
            "For how long the cache's listener, which counts these metrics, is behind.",
            now.eventDelay()),
        lost(now.eventsLost()));
  }

  private static GaugeSnapshot number(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name("pod_identity_" + name)
        .help(help)
        .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
        .build();
  }

  private static GaugeSnapshot seconds(String name, String help, Duration value) {
    return GaugeSnapshot.builder()
        .name("pod_identity_" + name + "_seconds")
        .help(help)
        .unit(Unit.SECONDS)
        .dataPoint(
            GaugeDataPointSnapshot.builder().value(value.toMillis() / MILLIS_A_SECOND).build())
        .build();
  }

  private GaugeSnapshot time(String name, String help, Optional<Instant> when) {
    var gauge =
        GaugeSnapshot.builder()
            .name("pod_identity_" + name + "_seconds")
            .help(help)
            .unit(Unit.SECONDS);
    when.ifPresent(
        instant -> {
          double left = Duration.between(clock.instant(), instant).toMillis() / MILLIS_A_SECOND;
          gauge.dataPoint(GaugeDataPointSnapshot.builder().value(left).build());
        });
    return gauge.build();
  }

  private static CounterSnapshot lost(long count) {
    return CounterSnapshot.builder()
        .name("pod_identity_cache_events_lost")
        .help("Events of the cache that its listener was too slow for: other counts lack them.")
        .dataPoint(CounterDataPointSnapshot.builder().value((double) count).build())
        .build();
  }
}
