package dev.podidentity.examples.nodeagent;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalEksCommandIT {
  private static final Pattern EKS = Pattern.compile("my-cluster: (http://127.0.0.1:[0-9]+)");
  private static final Pattern AGENT = Pattern.compile("FULL_URI=(http://\\S+)");

  @TempDir private Path folder = Path.of("");

  @Test
  void keepsAssociationsAndMakesTokensForAnyPod() throws Exception {
    String first = runWithAToken("shop/checkout=arn:aws:iam::111122223333:role/first");
    String second = runWithAToken("shop/report=arn:aws:iam::111122223333:role/second");

    assertThat(first).contains("\"AccountId\":\"111122223333\"");
    assertThat(second).contains("\"AccountId\":\"111122223333\"");
  }

  /** What the agent answers to a pod of shop/checkout, which only the first start associates. */
  private String runWithAToken(String association) throws Exception {
    var command = new ArrayList<>(NodeAgentJar.command());
    command.addAll(List.of("local", "--data-dir", folder.toString(), "--association", association));
    Process process = NodeAgentJar.start(command);
    try (BufferedReader out = process.inputReader()) {
      String printed = readUntil(out, "Press Ctrl-C");
      return get(URI.create(find(AGENT, printed)), token(find(EKS, printed)));
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  // The result is not printed, since it is a token.
  private static String token(String endpoint) throws Exception {
    var command = new ArrayList<>(NodeAgentJar.command());
    command.addAll(List.of("token", "--endpoint", endpoint, "--namespace", "shop"));
    command.addAll(List.of("--service-account", "checkout", "--pod", "checkout-1"));
    Process process = NodeAgentJar.start(command);
    try (BufferedReader out = process.inputReader()) {
      String token = requireNonNull(out.readLine());
      assertThat(process.waitFor()).isZero();
      return token;
    }
  }

  @Test
  void refusesAnAssociationThatMakesNoSense() throws Exception {
    var result = NodeAgentJar.run("local", "--association", "checkout");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("--association").contains("write namespace/service-account");
  }

  private static String readUntil(BufferedReader out, String text) throws Exception {
    var lines = new StringBuilder();
    @Nullable String line = "";
    while (line != null && !line.contains(text)) {
      line = out.readLine();
      lines.append(line).append('\n');
    }
    return lines.toString();
  }

  private static String find(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    assertThat(matcher.find()).as(text).isTrue();
    return matcher.group(1);
  }

  private static String get(URI uri, String token) throws Exception {
    var request = HttpRequest.newBuilder(uri).header("Authorization", token).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
