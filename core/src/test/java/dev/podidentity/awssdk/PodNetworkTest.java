package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.client.Answers;
import dev.podidentity.client.FakeAgent;
import dev.podidentity.testing.TestJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Networks that have one version of IP alone: a network namespace with the agent's own address, in
 * which the agent and the application run. Needs root on Linux, with {@code unshare} and {@code
 * ip}.
 */
@EnabledOnOs(OS.LINUX)
@Tag("every-jdk")
class PodNetworkTest {
  private static final String WITHOUT_IPV4 =
      "ip link set lo up && ip addr del 127.0.0.1/8 dev lo"
          + " && ip addr add fd00:ec2::23/128 dev lo nodad && exec \"$@\"";
  private static final String WITHOUT_IPV6 =
      "ip link set lo up && ip addr add 169.254.170.23/32 dev lo"
          + " && ip addr del ::1/128 dev lo && exec \"$@\"";

  @TempDir private Path directory = Path.of(".");

  /** An agent at the address and an application that asks it. */
  public static void main(String[] args) throws IOException {
    try (FakeAgent agent =
        FakeAgent.startOn(
            IpLiteral.parse(args[0]).orElseThrow(),
            FakeAgent.json(200, Answers.credentials(Instant.now().plusSeconds(3_600))))) {
      PodProcess.main(new String[] {agent.uri().toString(), args[1]});
    }
  }

  private String printed(String network, List<String> options, String address)
      throws IOException, InterruptedException {
    Process namespace = new ProcessBuilder("unshare", "--net", "ip", "link").start();
    assumeTrue(namespace.waitFor() == 0, "no network namespace may be made here: root is needed");
    Path tokenFile = Files.writeString(directory.resolve("token"), "the-token");
    var command = new ArrayList<>(List.of("unshare", "--net", "sh", "-c", network, "network"));
    command.addAll(TestJvm.command());
    command.addAll(options);
    command.addAll(TestJvm.program(PodNetworkTest.class, address, tokenFile.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Test
  void resolvesWithoutIpv4() throws IOException, InterruptedException {
    assertThat(printed(WITHOUT_IPV4, List.of(), "fd00:ec2::23"))
        .contains("resolved ASIA0LOCAL0000000001");
  }

  @Test
  void resolvesWithoutIpv6() throws IOException, InterruptedException {
    assertThat(printed(WITHOUT_IPV6, List.of(), "169.254.170.23"))
        .contains("resolved ASIA0LOCAL0000000001");
  }

  @Test
  void resolvesWithoutIpv6InAJvmOfIpv4Alone() throws IOException, InterruptedException {
    assertThat(printed(WITHOUT_IPV6, List.of("-Djava.net.preferIPv4Stack=true"), "169.254.170.23"))
        .contains("resolved ASIA0LOCAL0000000001");
  }
}
