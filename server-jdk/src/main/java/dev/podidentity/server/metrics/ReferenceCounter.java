package dev.podidentity.server.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A counter with the very name that the reference agent gives it. The name of a counter ends with
 * {@code _total} here, as OpenMetrics wants it; a metric of unknown type keeps its name, and
 * Prometheus computes rates of it all the same. Thread-safe.
 */
final class ReferenceCounter implements Collector {
  private final String name;
  private final String help;
  private final Map<Labels, LongAdder> counts = new ConcurrentHashMap<>();

  private ReferenceCounter(String name, String help) {
    this.name = name;
    this.help = help;
  }

  static ReferenceCounter register(PrometheusRegistry registry, String name, String help) {
    var counter = new ReferenceCounter(name, help);
    registry.register(counter);
    return counter;
  }

  void add(long count, Labels labels) {
    of(labels).add(count);
  }

  /** What is counted under these labels, which is shown from now on. */
  LongAdder of(Labels labels) {
    return counts.computeIfAbsent(labels, unused -> new LongAdder());
  }

  @Override
  public String getPrometheusName() {
    return name;
  }

  @Override
  public MetricSnapshot collect() {
    var snapshot = UnknownSnapshot.builder().name(name).help(help);
    counts.forEach(
        (labels, count) ->
            snapshot.dataPoint(
                UnknownDataPointSnapshot.builder()
                    .labels(labels)
                    .value((double) count.sum())
                    .build()));
    return snapshot.build();
  }
}
