package dev.podidentity.examples.nodeagent;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An EKS Auth that answers each token as the test says, and credentials where it says nothing. */
final class ScriptedEksAuth implements AutoCloseable {
  private final HttpServer server;
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
  private final Map<String, AtomicInteger> calls = new ConcurrentHashMap<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();

  /**
   * What is answered instead of credentials, or after what time they are.
   *
   * @param status the status; 200 for credentials
   * @param code the name of the error
   * @param delay how long it takes
   */
  record Answer(int status, String code, Duration delay) {
    static Answer error(int status, String code) {
      return new Answer(status, code, Duration.ZERO);
    }

    static Answer credentialsAfter(Duration delay) {
      return new Answer(200, "", delay);
    }
  }

  private ScriptedEksAuth(HttpServer server) {
    this.server = server;
  }

  static ScriptedEksAuth start() throws IOException {
    var at = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var eksAuth = new ScriptedEksAuth(HttpServer.create(at, 50));
    eksAuth.server.createContext("/", eksAuth::handle);
    eksAuth.server.setExecutor(eksAuth.threads);
    eksAuth.server.start();
    return eksAuth;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Answers this token so from now on. */
  void answers(String token, Answer answer) {
    answers.put(token, answer);
  }

  /** Answers credentials again. */
  void recovers(String token) {
    answers.remove(token);
  }

  /** How often this token was asked for. */
  int calls(String token) {
    return count(token).get();
  }

  private AtomicInteger count(String token) {
    return calls.computeIfAbsent(token, key -> new AtomicInteger());
  }

  private void handle(HttpExchange exchange) throws IOException {
    String token =
        new JsonMapper().readTree(exchange.getRequestBody().readAllBytes()).path("token").asText();
    int number = count(token).incrementAndGet();
    Answer answer = answers.getOrDefault(token, Answer.credentialsAfter(Duration.ZERO));
    String body = answer.status() == 200 ? credentials(number) : "{}";
    var unused =
        threads.schedule(
            () -> answer(exchange, answer, body), answer.delay().toMillis(), TimeUnit.MILLISECONDS);
  }

  private static String credentials(int number) {
    return """
        {"subject": {"namespace": "shop", "serviceAccount": "checkout"},
         "audience": "pods.eks.amazonaws.com",
         "podIdentityAssociation": {"associationArn": "arn:aws:eks:x", "associationId": "a-1"},
         "assumedRoleUser": {"arn": "arn:aws:sts::111122223333:assumed-role/shop/eks",
                             "assumeRoleId": "AROA:eks"},
         "credentials": {"accessKeyId": "ASIA%d", "secretAccessKey": "of-a-test",
                         "sessionToken": "of-a-test", "expiration": %d}}
        """
        .formatted(number, Instant.now().plusSeconds(6 * 3600).getEpochSecond());
  }

  private static void answer(HttpExchange exchange, Answer answer, String body) {
    try (exchange) {
      exchange.getResponseHeaders().set("x-amzn-ErrorType", answer.code());
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
