package dev.podidentity.examples.nodeagent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A local EKS in a process of its own. */
final class RunningLocal implements AutoCloseable {
  private static final Pattern EKS = Pattern.compile("my-cluster: (http://127.0.0.1:[0-9]+)");
  private static final Pattern AGENT = Pattern.compile("FULL_URI=(http://\\S+)");
  private static final Pattern TOKEN_FILE = Pattern.compile("TOKEN_FILE=(\\S+)");
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int PAUSE_MILLIS = 20;

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final String printed;

  private RunningLocal(Process process, String printed) {
    this.process = process;
    this.printed = printed;
  }

  static RunningLocal start(String... arguments) throws IOException {
    var command = new ArrayList<>(NodeAgentJar.command());
    command.add("local");
    command.addAll(List.of(arguments));
    Process process = NodeAgentJar.start(command);
    return new RunningLocal(process, readUntil(process.inputReader(), "Press Ctrl-C"));
  }

  private static String readUntil(BufferedReader out, String text) throws IOException {
    var lines = new StringBuilder();
    @Nullable String line = "";
    while (line != null && !line.contains(text)) {
      line = out.readLine();
      lines.append(line).append('\n');
    }
    return lines.toString();
  }

  private String find(Pattern pattern) {
    Matcher matcher = pattern.matcher(printed);
    assertThat(matcher.find()).as(printed).isTrue();
    return matcher.group(1);
  }

  String endpoint() {
    return find(EKS);
  }

  URI agent() {
    return URI.create(find(AGENT));
  }

  /** The token file of the pod that runs there. */
  Path tokenFile() {
    return Path.of(find(TOKEN_FILE));
  }

  /** A token of another pod; it is not printed. */
  String token(String namespace, String serviceAccount, String pod)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(NodeAgentJar.command());
    command.addAll(List.of("token", "--endpoint", endpoint(), "--namespace", namespace));
    command.addAll(List.of("--service-account", serviceAccount, "--pod", pod));
    Process printing = NodeAgentJar.start(command);
    try (BufferedReader token = printing.inputReader()) {
      String line = requireNonNull(token.readLine());
      assertThat(printing.waitFor()).isZero();
      return line;
    }
  }

  JsonNode get(String path) {
    return send(HttpRequest.newBuilder(uri(path)).build());
  }

  JsonNode post(String path, String json) {
    return send(HttpRequest.newBuilder(uri(path)).POST(BodyPublishers.ofString(json)).build());
  }

  private URI uri(String path) {
    return URI.create(endpoint()).resolve(path);
  }

  private JsonNode send(HttpRequest request) {
    try {
      return new JsonMapper().readTree(http.send(request, BodyHandlers.ofString()).body());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The first answer that is as it is wanted, for a minute at most. */
  JsonNode until(String path, Predicate<JsonNode> wanted) throws InterruptedException {
    var never = new CountDownLatch(1);
    long end = System.nanoTime() + PATIENCE.toNanos();
    JsonNode answer = get(path);
    while (!wanted.test(answer)) {
      assertThat(System.nanoTime()).as("still " + answer).isLessThan(end);
      var unused = never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      answer = get(path);
    }
    return answer;
  }

  /** Ends it as a power failure would: it has no time to do anything. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
