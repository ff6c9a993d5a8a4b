package dev.podidentity.examples.nodeagent;

import dev.podidentity.association.RoleArn;
import dev.podidentity.binding.IpLiteral;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Runs in a network namespace whose link carries the agent's addresses, with the agent beside it;
 * takes addresses and the link away, gives them back, and prints what it has seen.
 */
final class AddressesScenario {
  private static final String IPV4 = "http://169.254.170.23";
  private static final String IPV6 = "http://[fd00:ec2::23]";
  private static final String READY = "http://127.0.0.1:2703/readyz";
  private static final String HEALTH = "http://127.0.0.1:2703/healthz";
  private static final String METRICS = "http://127.0.0.1:2705/metrics";
  private static final String OTHER_ADDRESS = "192.0.2.5";
  private static final String OTHER_METRICS = "http://" + OTHER_ADDRESS + ":2705/metrics";
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");

  private final RunningAgent agent;
  private final String token;

  private AddressesScenario(RunningAgent agent, String token) {
    this.agent = agent;
    this.token = token;
  }

  /** Takes the name of the scenario. */
  public static void main(String[] args) throws Exception {
    List<String> flags = args[0].equals("optional") ? optionalIpv6() : List.of();
    try (var eks = LocalEks.start()) {
      eks.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/shop"));
      String token = eks.cluster().projectedToken(eks.cluster().startPod(ACCOUNT, "checkout-1"));
      var all = new ArrayList<>(List.of("-c", "my-cluster", "--endpoint", "" + eks.endpoint()));
      all.addAll(flags);
      var at = new InetSocketAddress(IpLiteral.parse("169.254.170.23").orElseThrow(), 80);
      var keys = List.of("AWS_ACCESS_KEY_ID=AKIA0LOCAL0NODE00000", "AWS_SECRET_ACCESS_KEY=local");
      try (var agent = RunningAgent.start(keys, at, all)) {
        var scenario = new AddressesScenario(agent, token);
        if (flags.isEmpty()) {
          scenario.required();
        } else {
          scenario.optional();
        }
      }
      System.out.println("ended in order");
    }
  }

  private static List<String> optionalIpv6() throws Exception {
    ip("-6 addr del fd00:ec2::23/128 dev pod-id-link0");
    ip("addr add " + OTHER_ADDRESS + "/32 dev pod-id-link0");
    return List.of(
        "-b", "169.254.170.23", "-b", "[fd00:ec2::23]?", "--metrics-address", OTHER_ADDRESS);
  }

  private void required() throws Exception {
    serves(IPV4, IPV6);
    ready();

    ip("addr del 169.254.170.23/32 dev pod-id-link0");
    notReadyFor("Cannot listen on 169.254.170.23 port 80: no network interface of this node");
    serves(IPV6);
    gauge("169.254.170.23", 0);
    healthy();
    ip("addr add 169.254.170.23/32 dev pod-id-link0");
    ready();
    serves(IPV4, IPV6);
    gauge("169.254.170.23", 1);
    System.out.println("an address: removed and restored");

    ip("link del pod-id-link0");
    notReadyFor("169.254.170.23");
    notReadyFor("[fd00:ec2::23]");
    healthy();
    initialize();
    ready();
    serves(IPV4, IPV6);
    System.out.println("the link: removed and restored");

    // Then the kernel keeps IPv4 addresses, and drops those of IPv6.
    ip("link set pod-id-link0 down");
    notReadyFor("[fd00:ec2::23]");
    serves(IPV4);
    initialize();
    ready();
    serves(IPV4, IPV6);
    System.out.println("the link: down and up");

    ip("addr del 169.254.170.23/32 dev pod-id-link0");
    ip("addr add 169.254.170.23/32 dev pod-id-link0");
    serves(IPV4, IPV6);
    ready();
    System.out.println("an address: removed and restored at once");
  }

  private void optional() throws Exception {
    ready();
    serves(IPV4);
    ip("-6 addr add fd00:ec2::23/128 dev pod-id-link0");
    agent.until(() -> RunningAgent.accepts(ipv6()));
    serves(IPV4, IPV6);
    System.out.println("an optional address: taken when it came");
    ip("-6 addr del fd00:ec2::23/128 dev pod-id-link0");
    agent.until(() -> PodRequests.get(READY).body().contains("Cannot listen on [fd00:ec2::23]"));
    ready();
    serves(IPV4);
    System.out.println("an optional address: done without when it went");

    agent.until(() -> PodRequests.get(OTHER_METRICS).status() == 200);
    ip("addr del " + OTHER_ADDRESS + "/32 dev pod-id-link0");
    agent.until(() -> !RunningAgent.accepts(new InetSocketAddress(OTHER_ADDRESS, 2705)));
    serves(IPV4);
    ip("addr add " + OTHER_ADDRESS + "/32 dev pod-id-link0");
    agent.until(() -> PodRequests.get(OTHER_METRICS).status() == 200);
    System.out.println("the address of metrics: served again when it was back");
  }

  private static InetSocketAddress ipv6() {
    return new InetSocketAddress(IpLiteral.parse("fd00:ec2::23").orElseThrow(), 80);
  }

  private void serves(String... addresses) throws InterruptedException {
    for (String address : addresses) {
      agent.until(() -> PodRequests.credentials(address, token).status() == 200);
    }
  }

  private void ready() throws InterruptedException {
    agent.until(() -> PodRequests.get(READY).status() == 200);
  }

  private void notReadyFor(String reason) throws InterruptedException {
    agent.until(
        () -> {
          var answer = PodRequests.get(READY);
          return answer.status() == 503 && answer.body().contains(reason);
        });
  }

  private void healthy() throws InterruptedException {
    agent.until(() -> PodRequests.get(HEALTH).status() == 200);
  }

  private void gauge(String address, double value) throws InterruptedException {
    String name = "pod_identity_address_up{address=\"" + address + "\"}";
    agent.until(() -> PodRequests.metric(METRICS, name) == value);
  }

  private static void initialize() throws IOException, InterruptedException {
    var command = new ArrayList<>(NodeAgentJar.command());
    command.addAll(List.of("initialize", "--link-type", "bridge"));
    run(command);
  }

  private static void ip(String arguments) throws IOException, InterruptedException {
    run(List.of(("ip " + arguments).split(" ")));
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).inheritIO().start();
    if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(command + " failed");
    }
  }
}
