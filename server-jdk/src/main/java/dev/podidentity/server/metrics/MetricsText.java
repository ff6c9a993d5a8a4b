package dev.podidentity.server.metrics;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * What a registry has for a scrape, in the format that the scraper asks for: OpenMetrics, or
 * Prometheus' own text.
 *
 * @param contentType the format
 * @param body the metrics, which the caller may keep
 */
@SuppressWarnings("ArrayRecordComponent") // written once and never compared
public record MetricsText(String contentType, byte[] body) {
  private static final ExpositionFormats FORMATS = ExpositionFormats.init();

  /**
   * The metrics as they are now.
   *
   * @param accept the scraper's {@code Accept} header, if it has one
   */
  @SuppressWarnings("exports") // not transitive: who does not use this package goes without
  public static MetricsText of(PrometheusRegistry registry, @Nullable String accept) {
    ExpositionFormatWriter writer =
        accept != null && accept.contains("application/openmetrics-text")
            ? FORMATS.getOpenMetricsTextFormatWriter()
            : FORMATS.getPrometheusTextFormatWriter();
    var body = new ByteArrayOutputStream();
    try {
      writer.write(body, registry.scrape());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new MetricsText(writer.getContentType(), body.toByteArray());
  }
}
