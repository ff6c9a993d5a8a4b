package dev.podidentity.server.metrics;

import static java.util.Objects.requireNonNull;

import dev.podidentity.server.operations.MetricsPage;
import dev.podidentity.server.operations.MetricsSource;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What a registry has for a scrape, in the format that the scraper asks for: OpenMetrics, or
 * Prometheus' own text. Thread-safe.
 */
public final class PrometheusText implements MetricsSource {
  private static final String OPEN_METRICS = "application/openmetrics-text";

  private final ExpositionFormats formats = ExpositionFormats.init();
  private final PrometheusRegistry registry;

  private PrometheusText(PrometheusRegistry registry) {
    this.registry = requireNonNull(registry, "registry");
  }

  /** Serves what is registered here, as it is at each scrape. */
  @SuppressWarnings("exports") // not transitive: who does not use this package goes without
  public static PrometheusText of(PrometheusRegistry registry) {
    return new PrometheusText(registry);
  }

  @Override
  public MetricsPage page(@Nullable String accept) {
    ExpositionFormatWriter writer =
        accept != null && accept.contains(OPEN_METRICS)
            ? formats.getOpenMetricsTextFormatWriter()
            : formats.getPrometheusTextFormatWriter();
    var body = new ByteArrayOutputStream();
    try {
      writer.write(body, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new MetricsPage(writer.getContentType(), body.toString(StandardCharsets.UTF_8));
  }
}
