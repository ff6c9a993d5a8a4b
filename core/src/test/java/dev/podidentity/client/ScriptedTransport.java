package dev.podidentity.client;

import dev.podidentity.http.HttpReply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An agent without sockets. */
public final class ScriptedTransport implements AgentTransport {
  /** What is done with one request. */
  @FunctionalInterface
  public interface Script {
    HttpReply answer(@Nullable String token) throws IOException;
  }

  private final List<String> tokens = new ArrayList<>();
  private final List<Duration> timeouts = new ArrayList<>();
  private volatile Script script;

  public ScriptedTransport(Script script) {
    this.script = script;
  }

  public static HttpReply ok(Instant expiration) {
    return answer(200, Answers.credentials(expiration));
  }

  public static HttpReply answer(int status, String body) {
    return answer(status, body, null);
  }

  public static HttpReply answer(int status, String body, @Nullable String retryAfter) {
    Map<String, String> headers = retryAfter == null ? Map.of() : Map.of("retry-after", retryAfter);
    return new HttpReply(status, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  public static HttpReply dated(int status, String date) {
    return new HttpReply(status, Map.of("date", date), new byte[0]);
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
  public HttpReply get(AgentEndpoint endpoint, @Nullable String token, Duration timeout)
      throws IOException {
    tokens.add(String.valueOf(token));
    timeouts.add(timeout);
    return script.answer(token);
  }

  @Override
  public void close() {}
}
