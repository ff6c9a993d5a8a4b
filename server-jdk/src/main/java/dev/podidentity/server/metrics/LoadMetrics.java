package dev.podidentity.server.metrics;

import dev.podidentity.server.ServerLoad;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;

/** What clients do on the pods' port, from one look at it for each scrape. */
final class LoadMetrics implements MultiCollector {
  private final Supplier<ServerLoad> load;

  LoadMetrics(Supplier<ServerLoad> load) {
    this.load = load;
  }

  @Override
  public List<String> getPrometheusNames() {
    return List.of(
        "pod_identity_http_under_way",
        "pod_identity_http_waiting",
        "pod_identity_http_held",
        "pod_identity_http_connections_dropped");
  }

  @Override
  public MetricSnapshots collect() {
    ServerLoad now = load.get();
    return MetricSnapshots.of(
        gauge("under_way", "Requests that are being read, answered or written.", now.underWay()),
        gauge("waiting", "Requests that wait for that: many of them are a flood.", now.waiting()),
        gauge(
            "held",
            "Requests that wait for credentials: many of them while EKS Auth fails.",
            now.held()),
        CounterSnapshot.builder()
            .name("pod_identity_http_connections_dropped")
            .help("Connections that were closed because others needed the room: a flood.")
            .dataPoint(CounterDataPointSnapshot.builder().value((double) now.dropped()).build())
            .build());
  }

  private static GaugeSnapshot gauge(String name, String help, int value) {
    return GaugeSnapshot.builder()
        .name("pod_identity_http_" + name)
        .help(help)
        .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
        .build();
  }
}
