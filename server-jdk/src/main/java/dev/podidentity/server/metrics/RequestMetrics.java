package dev.podidentity.server.metrics;

import dev.podidentity.AgentListener;
import dev.podidentity.Refusal;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.token.ServiceAccountToken;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;

/** What the agent decided. */
final class RequestMetrics implements AgentListener {
  private final Histogram duration;
  private final DistributionDataPoint cached;
  private final Counter refused;
  private final ThrottledClients throttled;

  RequestMetrics(PrometheusRegistry registry, Ticker ticker) {
    throttled = new ThrottledClients(ticker);
    duration =
        Histograms.register(
            registry,
            "pod_identity_request_duration_seconds",
            "Time that the agent worked on a request, by outcome: answered with cached or with"
                + " fresh credentials, or refused.");
    cached = duration.labelValues("cached");
    refused =
        Counter.builder()
            .name("pod_identity_refused_total")
            .help("Requests without credentials as their answer, by the code of the error.")
            .labelNames("code")
            .withoutExemplars()
            .register(registry);
    for (FailureReason reason : FailureReason.values()) {
      refused.initLabelValues(reason.code());
    }
    GaugeWithCallback.builder()
        .name("pod_identity_throttled_senders")
        .help(
            "Pods, or addresses where no token was accepted, that asked too often within 5 minutes;"
                + " the log names them.")
        .callback(gauge -> gauge.call(throttled.count()))
        .register(registry);
  }

  @Override
  public void answered(
      CredentialRequest request, ServiceAccountToken token, Issuance issuance, Duration took) {
    DistributionDataPoint outcome =
        switch (issuance.origin()) {
          case FRESH -> duration.labelValues("fresh");
          case CACHED -> cached;
        };
    outcome.observe(Histograms.seconds(took));
  }

  @Override
  public void refused(Refusal refusal) {
    duration.labelValues("refused").observe(Histograms.seconds(refusal.took()));
    refused.labelValues(refusal.failure().reason().code()).inc();
    if (refusal.failure().reason() == FailureReason.TOO_MANY_REQUESTS) {
      throttled.add(refusal.client());
    }
  }
}
