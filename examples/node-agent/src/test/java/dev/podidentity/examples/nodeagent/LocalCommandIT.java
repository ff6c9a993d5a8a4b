package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-jdk")
class LocalCommandIT {
  private static final int MAX_TRIES = 30;

  private static final Pattern EXPIRES = Pattern.compile("expires +(\\S+)");

  @Test
  void demonstratesTheWholeWayAndEnds() throws Exception {
    var result = NodeAgentJar.run("local", "--demo");

    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out())
        .contains("export AWS_CONTAINER_CREDENTIALS_FULL_URI=http://127.0.0.1:")
        .contains("export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=")
        .contains("ContainerCredentialsProvider asked http://127.0.0.1:")
        .contains("ASIA0LOCAL0")
        .contains("assumed-role/my-role/eks-my-cluster-my-pod-")
        .containsPattern("association +a-[a-z0-9]{17}");
  }

  @Test
  void givesCredentialsTheLifeThatWasAskedFor() throws Exception {
    Instant before = Instant.now();

    var result = NodeAgentJar.run("local", "--demo", "--credential-lifetime", "1h30m");

    Matcher expires = EXPIRES.matcher(result.out());
    assertThat(expires.find()).isTrue();
    assertThat(Instant.parse(expires.group(1)))
        .isBetween(
            before.plus(Duration.ofMinutes(90)).minusSeconds(1),
            Instant.now().plus(Duration.ofMinutes(90)));
  }

  @Test
  void staysUpUntilItIsStoppedAndCleansUp() throws Exception {
    var command = new ArrayList<>(NodeAgentJar.command());
    command.add("local");
    Process process = NodeAgentJar.start(command);
    try (BufferedReader out = process.inputReader()) {
      var printed = readUntil(out, "Press Ctrl-C");
      URI agent = URI.create(exported(printed, "AWS_CONTAINER_CREDENTIALS_FULL_URI"));
      Path token = Path.of(exported(printed, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));

      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
          .isEqualTo("rw-------");
      assertThat(get(agent, Files.readString(token))).contains("\"AccountId\":\"111122223333\"");
      assertThat(String.join("\n", printed)).contains("curl -sS").contains("aws configure list");

      process.destroy();
      assertThat(process.waitFor()).isZero();
      assertThat(token).doesNotExist();
      assertThat(token.getParent()).doesNotExist();
    } finally {
      process.destroyForcibly();
    }
  }

  private static List<String> readUntil(BufferedReader out, String text) throws Exception {
    var lines = new ArrayList<String>();
    do {
      lines.add(String.valueOf(out.readLine()));
    } while (!lines.get(lines.size() - 1).contains(text));
    return lines;
  }

  private static String exported(List<String> lines, String variable) {
    String start = "export " + variable + "=";
    return lines.stream()
        .filter(line -> line.startsWith(start))
        .findFirst()
        .orElseThrow()
        .substring(start.length());
  }

  private static String get(URI uri, String token) throws Exception {
    var request = HttpRequest.newBuilder(uri).header("Authorization", token).build();
    var client = HttpClient.newHttpClient();
    // A cold agent on a busy machine may take longer than a client's second: clients ask again.
    String answer = client.send(request, BodyHandlers.ofString()).body();
    for (int tries = 1; tries < MAX_TRIES && answer.contains("PendingException"); tries++) {
      answer = client.send(request, BodyHandlers.ofString()).body();
    }
    return answer;
  }
}
