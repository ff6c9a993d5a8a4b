package dev.podidentity.examples.nodeagent;

import dev.podidentity.testing.TestJvm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network namespace of a test's own, for the time of one command: nothing of it is left when the
 * command ends, however it ends. Needs Linux with util-linux and iproute2, and either root or user
 * namespaces.
 */
final class NetworkNamespace {
  /** A kernel without the dummy device has a bridge. */
  private static final String ADDRESSES =
      """
      ip link set lo up
      ip link add pod-id-link0 type dummy 2>/dev/null || ip link add pod-id-link0 type bridge
      ip addr add 169.254.170.23/32 dev pod-id-link0
      ip -6 addr add fd00:ec2::23/128 dev pod-id-link0 nodad
      ip link set pod-id-link0 up
      """;

  private static final String NO_IPV6 =
      """
      ip link set lo up
      echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6
      ip link add pod-id-link0 type dummy 2>/dev/null || ip link add pod-id-link0 type bridge
      ip addr add 169.254.170.23/32 dev pod-id-link0
      ip link set pod-id-link0 up
      """;

  private NetworkNamespace() {}

  /** Why no namespace can be made here; empty where one can. */
  static String obstacle() throws InterruptedException {
    try {
      var result = NodeAgentJar.runCommand(shell(ADDRESSES));
      return result.exitCode() == 0 ? "" : "no network namespace can be made: " + result.err();
    } catch (IOException e) {
      return "no network namespace can be made: " + e.getMessage();
    }
  }

  /** Runs the jar where the agent's two addresses are on a link. */
  static NodeAgentJar.Result runWithBothAddresses(String... arguments)
      throws IOException, InterruptedException {
    return run(ADDRESSES, arguments);
  }

  /** Runs the jar where IPv6 is off and the IPv4 address is on a link. */
  static NodeAgentJar.Result runWithoutIpv6(String... arguments)
      throws IOException, InterruptedException {
    return run(NO_IPV6, arguments);
  }

  /** Runs a shell script to which {@code "$@"} is the jar, where there is nothing but loopback. */
  static NodeAgentJar.Result runScript(String script) throws IOException, InterruptedException {
    var command = new ArrayList<>(shell("ip link set lo up\n" + script));
    command.add("sh");
    command.addAll(NodeAgentJar.command());
    return NodeAgentJar.runCommand(command);
  }

  /** Runs a program of the tests where the agent's two addresses are on a link. */
  static NodeAgentJar.Result runProgram(Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(shell(ADDRESSES + "exec \"$@\"\n"));
    command.add("sh");
    command.addAll(TestJvm.command());
    command.add("-Dnode-agent.jar=" + System.getProperty("node-agent.jar"));
    command.addAll(TestJvm.programWithPooledKeys(program, arguments));
    return NodeAgentJar.runCommand(command);
  }

  private static NodeAgentJar.Result run(String setUp, String... arguments)
      throws IOException, InterruptedException {
    var command = new ArrayList<>(shell(setUp + "exec \"$@\"\n"));
    command.add("sh");
    command.addAll(NodeAgentJar.command());
    command.addAll(List.of(arguments));
    return NodeAgentJar.runCommand(command);
  }

  private static List<String> shell(String script) {
    boolean root = System.getProperty("user.name").equals("root");
    return root
        ? List.of("unshare", "--net", "sh", "-e", "-c", script)
        : List.of("unshare", "--net", "--map-root-user", "sh", "-e", "-c", script);
  }
}
