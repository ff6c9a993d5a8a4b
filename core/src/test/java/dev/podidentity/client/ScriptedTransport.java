package dev.podidentity.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An agent without sockets. */
public final class ScriptedTransport implements AgentTransport {
  /** What is done with one request. */
  @FunctionalInterface
  public interface Script {
    HttpAnswer answer(@Nullable String token) throws IOException;
  }

  private final List<String> tokens = new ArrayList<>();
  private final List<Duration> timeouts = new ArrayList<>();
  private volatile Script script;

  public ScriptedTransport(Script script) {
    this.script = script;
  }

  public static HttpAnswer ok(Instant expiration) {
    return answer(200, Answers.credentials(expiration));
  }

  public static HttpAnswer answer(int status, String body) {
    return answer(status, body, null);
  }

  public static HttpAnswer answer(int status, String body, @Nullable String retryAfter) {
    return new HttpAnswer(status, retryAfter, null, body.getBytes(StandardCharsets.UTF_8));
  }

  public static HttpAnswer dated(int status, String date) {
    return new HttpAnswer(status, null, date, new byte[0]);
  }

  public void script(Script next) {
    script = next;
  }

  public int requests() {
    return tokens.size();
  }

  public List<String> tokens() {
    return tokens;
  }

  public List<Duration> timeouts() {
    return timeouts;
  }

  @Override
  public HttpAnswer get(AgentEndpoint endpoint, @Nullable String token, Duration timeout)
      throws IOException {
    tokens.add(String.valueOf(token));
    timeouts.add(timeout);
    return script.answer(token);
  }

  @Override
  public void close() {}
}
