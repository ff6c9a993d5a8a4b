package dev.podidentity.server.metrics;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.cache.CacheListener;
import dev.podidentity.credential.cache.DropReason;
import dev.podidentity.token.ServiceAccountToken;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Labels;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the cache did. */
final class CacheMetrics implements CacheListener {
  private static final Labels HIT = Labels.of("state", "hit");
  private static final Labels MISS = Labels.of("state", "miss");
  private static final Labels EVICTED = Labels.of("state", "evicted");

  private final ReferenceCounter states;
  private final ReferenceCounter errors;
  private final Counter joined;
  private final Counter rotated;
  private final Counter renewed;
  private final Counter dropped;
  private final Counter throttlings;
  private final Counter calls;
  private final Histogram callDuration;

  CacheMetrics(PrometheusRegistry registry) {
    states =
        ReferenceCounter.register(
            registry,
            "pod_identity_cache_state",
            "Requests answered from the cache (hit) and not (miss), and credentials that left it"
                + " (evicted).");
    states.add(0, HIT);
    states.add(0, MISS);
    states.add(0, EVICTED);
    errors =
        ReferenceCounter.register(
            registry,
            "pod_identity_cache_errors",
            "Renewals that failed, by whether trying again may help (Recoverable) or not"
                + " (NonRecoverable), and by the code of the error.");
    joined =
        counter(
            registry, "cache_joined", "Misses that waited for a call that another one had begun.");
    rotated =
        counter(
            registry,
            "tokens_rotated",
            "Misses that were answered from the cache after their new token was verified here.");
    renewed = counter(registry, "cache_renewed", "Credentials that were renewed ahead.");
    dropped = counter(registry, "cache_dropped", "Credentials that left the cache.", "reason");
    for (DropReason reason : DropReason.values()) {
      dropped.initLabelValues(label(reason));
    }
    throttlings =
        counter(registry, "throttlings", "Times that renewals paused because EKS Auth throttled.");
    calls =
        counter(
            registry,
            "upstream_calls",
            "Calls to EKS Auth, or whatever the source is, by the code of the error; OK without"
                + " one.",
            "code");
    callDuration =
        Histograms.register(
            registry,
            "pod_identity_upstream_duration_seconds",
            "Time that a call to EKS Auth, or whatever the source is, took, by success or failure.");
  }

  private static Counter counter(
      PrometheusRegistry registry, String name, String help, String... labels) {
    return Counter.builder()
        .name("pod_identity_" + name + "_total")
        .help(help)
        .labelNames(labels)
        .withoutExemplars()
        .register(registry);
  }

  @Override
  public void hits(long count) {
    states.add(count, HIT);
  }

  @Override
  public void missed(ServiceAccountToken token) {
    states.add(1, MISS);
  }

  @Override
  public void joined(ServiceAccountToken token) {
    states.add(1, MISS);
    joined.inc();
  }

  @Override
  public void rotated(ServiceAccountToken token) {
    rotated.inc();
  }

  @Override
  public void renewed(ServiceAccountToken token, Instant expiration) {
    renewed.inc();
  }

  @Override
  public void renewalFailed(ServiceAccountToken token, CredentialException failure) {
    FailureReason reason = failure.reason();
    String type = reason.retryable() ? "Recoverable" : "NonRecoverable";
    errors.add(1, Labels.of("type", type, "code", reason.code()));
  }

  @Override
  public void dropped(ServiceAccountToken token, DropReason reason) {
    states.add(1, EVICTED);
    dropped.labelValues(label(reason)).inc();
  }

  @Override
  public void throttled(Duration pause) {
    throttlings.inc();
  }

  @Override
  public void called(ServiceAccountToken token, Duration took, @Nullable FailureReason failure) {
    calls.labelValues(failure == null ? "OK" : failure.code()).inc();
    callDuration
        .labelValues(failure == null ? "success" : "failure")
        .observe(Histograms.seconds(took));
  }

  private static String label(DropReason reason) {
    return reason.name().toLowerCase(Locale.ROOT);
  }
}
