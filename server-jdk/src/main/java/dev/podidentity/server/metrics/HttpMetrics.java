package dev.podidentity.server.metrics;

import dev.podidentity.server.ServerListener;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What pods saw. */
final class HttpMetrics implements ServerListener {
  private final ReferenceCounter responses;
  private final Map<Integer, LongAdder> byStatus = new ConcurrentHashMap<>();

  HttpMetrics(PrometheusRegistry registry) {
    responses =
        ReferenceCounter.register(
            registry,
            "pod_identity_http_response",
            "Answers of the credential endpoint, by HTTP status.");
  }

  @Override
  public void answered(int status, Duration took) {
    byStatus.computeIfAbsent(status, this::count).increment();
  }

  private LongAdder count(int status) {
    return responses.of(Labels.of("code", Integer.toString(status)));
  }
}
