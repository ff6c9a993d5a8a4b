package dev.podidentity.awssdk;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What came back from the agent. Prints as its status alone: the body may hold secrets. */
final class HttpAnswer {
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

  private final int status;
  private final @Nullable String retryAfter;
  private final byte[] body;

  HttpAnswer(int status, @Nullable String retryAfter, byte[] body) {
    this.status = status;
    this.retryAfter = retryAfter;
    this.body = body;
  }

  int status() {
    return status;
  }

  // RFC 9110, section 10.2.3: agents send seconds; a date is not worth trusting a clock for.
  Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter)
        .filter(value -> SECONDS.matcher(value).matches())
        .map(value -> Duration.ofSeconds(Long.parseLong(value)));
  }

  byte[] body() {
    return body;
  }

  @Override
  public String toString() {
    return "HttpAnswer[" + status + "]";
  }
}
