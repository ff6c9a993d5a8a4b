package dev.podidentity.server.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.Map;
import java.util.function.Supplier;

/** Whether each address is served. */
final class AddressGauge implements Collector {
  private static final String NAME = "pod_identity_address_up";

  private final Supplier<Map<String, Boolean>> served;

  AddressGauge(Supplier<Map<String, Boolean>> served) {
    this.served = served;
  }

  @Override
  public String getPrometheusName() {
    return NAME;
  }

  @Override
  public MetricSnapshot collect() {
    var gauge =
        GaugeSnapshot.builder()
            .name(NAME)
            .help("1 for an address that the agent listens on, 0 for one that it lacks.");
    served
        .get()
        .forEach(
            (address, up) ->
                gauge.dataPoint(
                    GaugeDataPointSnapshot.builder()
                        .labels(Labels.of("address", address))
                        .value(up ? 1 : 0)
                        .build()));
    return gauge.build();
  }
}
