package dev.podidentity.server.operations;

import static java.util.Objects.requireNonNull;

/**
 * Metrics as they are sent.
 *
 * @param contentType the format, such as {@code text/plain; version=0.0.4}
 * @param text the metrics in this format
 */
public record MetricsPage(String contentType, String text) {
  /** A page of metrics. */
  public MetricsPage {
    requireNonNull(contentType, "contentType");
    requireNonNull(text, "text");
  }
}
