package dev.podidentity.awssdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An agent without sockets. */
final class ScriptedTransport implements AgentTransport {
  /** What is done with one request. */
  @FunctionalInterface
  interface Script {
    HttpAnswer answer(@Nullable String token) throws IOException;
  }

  private final List<String> tokens = new ArrayList<>();
  private final List<Duration> timeouts = new ArrayList<>();
  private volatile Script script;

  ScriptedTransport(Script script) {
    this.script = script;
  }

  static HttpAnswer ok(Instant expiration) {
    return answer(200, Answers.credentials(expiration));
  }

  static HttpAnswer answer(int status, String body) {
    return answer(status, body, null);
  }

  static HttpAnswer answer(int status, String body, @Nullable String retryAfter) {
    return new HttpAnswer(status, retryAfter, body.getBytes(StandardCharsets.UTF_8));
  }

  void script(Script next) {
    script = next;
  }

  int requests() {
    return tokens.size();
  }

  List<String> tokens() {
    return tokens;
  }

  List<Duration> timeouts() {
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
