package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The addresses and the port that EKS uses, in a network namespace. */
@Tag("every-jdk")
class NodeAddressesIT {
  @BeforeAll
  static void needsANetworkNamespace() throws Exception {
    String obstacle = NetworkNamespace.obstacle();
    if (!obstacle.isEmpty()) {
      System.err.println("skipped: " + obstacle);
    }
    assumeTrue(obstacle.isEmpty(), obstacle);
  }

  @Test
  void servesBothAddressesOfEksOnPort80() throws Exception {
    var result =
        NetworkNamespace.runWithBothAddresses(
            "local",
            "--demo",
            "-b",
            "169.254.170.23",
            "-b",
            "[fd00:ec2::23]",
            "--agent-port",
            "80");

    assertThat(result.exitCode()).describedAs(result.err()).isZero();
    assertThat(result.out())
        .contains("asked http://169.254.170.23/v1/credentials and got")
        .contains("asked http://[fd00:ec2::23]/v1/credentials and got");
  }

  @Test
  void saysWhatToDoWhereIpv6IsOff() throws Exception {
    var result = NetworkNamespace.runWithoutIpv6("server", "-c", "my-cluster");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains("Cannot listen on [fd00:ec2::23] port 80: IPv6 is off on this node")
        .contains("listen on IPv4 only with -b 169.254.170.23");
  }

  @Test
  void servesIpv4AloneWhereIpv6IsOff() throws Exception {
    var result =
        NetworkNamespace.runWithoutIpv6(
            "local", "--demo", "-b", "169.254.170.23", "--agent-port", "80");

    assertThat(result.exitCode()).describedAs(result.err()).isZero();
    assertThat(result.out()).contains("asked http://169.254.170.23/v1/credentials and got");
  }

  @Test
  void startsWithoutAnOptionalAddressWhereIpv6IsOff() throws Exception {
    var result =
        NetworkNamespace.runWithoutIpv6(
            "local", "--demo", "-b", "169.254.170.23,[fd00:ec2::23]?", "--agent-port", "80");

    assertThat(result.exitCode()).describedAs(result.err()).isZero();
    assertThat(result.out())
        .contains("# Cannot listen on [fd00:ec2::23] port 80: IPv6 is off on this node")
        .contains("asked http://169.254.170.23/v1/credentials and got");
  }

  @Test
  void givesUpAddressesThatVanishAndTakesThemAgainWhileItServesTheOthers() throws Exception {
    var result = NetworkNamespace.runProgram(AddressesScenario.class, "required");

    assertThat(result.exitCode()).describedAs(result.err()).isZero();
    assertThat(result.out())
        .contains("an address: removed and restored")
        .contains("the link: removed and restored")
        .contains("the link: down and up")
        .contains("an address: removed and restored at once")
        .contains("ended in order");
  }

  @Test
  void takesAnOptionalAddressWhenItComesAndDoesWithoutItWhenItGoes() throws Exception {
    var result = NetworkNamespace.runProgram(AddressesScenario.class, "optional");

    assertThat(result.exitCode()).describedAs(result.err()).isZero();
    assertThat(result.out())
        .contains("an optional address: taken when it came")
        .contains("an optional address: done without when it went")
        .contains("the address of metrics: served again when it was back")
        .contains("ended in order");
  }
}
