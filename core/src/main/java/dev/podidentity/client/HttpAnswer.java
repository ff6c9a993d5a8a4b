package dev.podidentity.client;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What came back from the agent. Prints as its status alone: the body may hold secrets. */
public final class HttpAnswer {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  private final int status;
  private final @Nullable String retryAfter;
  private final @Nullable String date;
  private final byte[] body;

  HttpAnswer(int status, @Nullable String retryAfter, @Nullable String date, byte[] body) {
    this.status = status;
    this.date = date;
    this.retryAfter = retryAfter;
    this.body = body;
  }

  /** The status code. */
  public int status() {
    return status;
  }

  // RFC 9110, section 10.2.3: agents send seconds; a date is not worth trusting a clock for.
  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter)
        .filter(value -> SECONDS.matcher(value).matches())
        .map(value -> Duration.ofSeconds(Long.parseLong(value)));
  }

  /** What the clock of the other side shows (RFC 9110, section 6.6.1); empty if it does not say. */
  public Optional<Instant> date() {
    try {
      return Optional.ofNullable(date)
          .map(text -> DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** What it holds; may be secret. */
  public byte[] body() {
    return body;
  }

  @Override
  public String toString() {
    return "HttpAnswer[" + status + "]";
  }
}
