package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In network namespaces of the tests' own; the kernel may have no dummy device, so: a bridge. */
class InitializeCommandIT {
  private static final String INITIALIZE = "\"$@\" initialize --link-type bridge\n";
  private static final String SHOW =
      """
      ip address show dev pod-id-link0
      ip -4 route show table main
      ip -6 route show table main
      """;

  @BeforeEach
  void needsANamespace() throws Exception {
    String obstacle = NetworkNamespace.obstacle();
    assumeTrue(obstacle.isEmpty(), obstacle);
  }

  @Test
  void givesTheNodeTheAgentsAddressesHoweverOftenItRuns() throws Exception {
    var result = NetworkNamespace.runScript(INITIALIZE + INITIALIZE + SHOW);

    assertThat(result.exitCode()).describedAs(result.err()).isZero();
    assertThat(result.out().lines().map(String::strip))
        .filteredOn(line -> line.startsWith("inet 169.254.170.23/32"))
        .hasSize(1);
    assertThat(result.out().lines().map(String::strip))
        .filteredOn(line -> line.startsWith("inet6 fd00:ec2::23/128"))
        .hasSize(1);
    assertThat(result.out())
        .contains("169.254.170.23 dev pod-id-link0")
        .contains("fd00:ec2::23 dev pod-id-link0");
    assertThat(result.err()).contains("ip -4 address replace 169.254.170.23/32");
  }

  @Test
  void removesWhatItMade() throws Exception {
    var result =
        NetworkNamespace.runScript(
            INITIALIZE + "\"$@\" initialize --undo\n\"$@\" initialize --undo\nip link show\n");

    assertThat(result.exitCode()).describedAs(result.err()).isZero();
    assertThat(result.out()).doesNotContain("pod-id-link0");
  }

  @Test
  void removesNoOtherLink() throws Exception {
    var result =
        NetworkNamespace.runScript(
            "ip link add other0 type bridge\n\"$@\" initialize --undo --link-name other0\n");

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("'other0' does not carry 169.254.170.23/32");
  }

  @Test
  void namesTheLinkThatHasTheRouteAlready() throws Exception {
    var result =
        NetworkNamespace.runScript(
            """
            ip link add other0 type bridge
            ip link set other0 up
            ip route add 169.254.170.23/32 dev other0
            """
                + INITIALIZE);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err())
        .contains("There is a route to 169.254.170.23/32 through the link 'other0'");
  }

  @Test
  void doesWithoutIpv6WhereItIsOff() throws Exception {
    var result =
        NetworkNamespace.runScript(
            "echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6\n"
                + "echo 1 > /proc/sys/net/ipv6/conf/default/disable_ipv6\n"
                + INITIALIZE
                + "ip address show dev pod-id-link0\n");

    assertThat(result.exitCode()).describedAs(result.err()).isZero();
    assertThat(result.out()).contains("169.254.170.23/32").doesNotContain("fd00:ec2::23");
    assertThat(result.err()).contains("goes without IPv6");
  }

  @Test
  void saysWhatItLacks() throws Exception {
    var result = NetworkNamespace.runScript("exec setpriv --bounding-set=-net_admin " + INITIALIZE);

    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("NET_ADMIN");
  }

  @Test
  void saysWhatIsWrongWithAFlag() throws Exception {
    var result = NodeAgentJar.run("initialize", "--link-name", "-force");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err().lines()).hasSize(1);
  }
}
