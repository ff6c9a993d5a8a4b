package dev.podidentity.http;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a server replied. Prints as its status alone: the body may hold secrets. */
public final class HttpReply {
  /** The status of a reply that has what was asked for. */
  public static final int OK = 200;

  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  /**
   * A reply.
   *
   * @param headers by their names in lower case
   * @param body not copied
   */
  public HttpReply(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = Map.copyOf(headers);
    this.body = body;
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** Whether the reply has what was asked for. */
  public boolean isOk() {
    return status == OK;
  }

  /** The headers by their names in lower case; of two of a name the last. */
  public Map<String, String> headers() {
    return headers;
  }

  /** How long to wait; empty unless in seconds: a date is not worth trusting a clock for. */
  // RFC 9110, section 10.2.3.
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(headers.get("retry-after"))
        .filter(value -> SECONDS.matcher(value).matches())
        .map(value -> Duration.ofSeconds(Long.parseLong(value)));
  }

  /** What the clock of the other side shows (RFC 9110, section 6.6.1); empty if it does not say. */
  public Optional<Instant> date() {
    try {
      return Optional.ofNullable(headers.get("date"))
          .map(text -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** What it holds; may be secret. Empty for an error whose body was not wanted or not whole. */
  public byte[] body() {
    return body;
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "HttpReply[" + status + "]";
  }
}
