package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.association.RoleArn;
import dev.podidentity.local.LocalPod;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.server.local.LocalEksCall;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code server} on loopback addresses and free ports, with a local EKS as its EKS Auth and with
 * the flags of a test.
 */
final class AgentUnderTest implements AutoCloseable {
  /** What it signs with where a test does not say otherwise. */
  static final String KEY_OF_NODE = "AKIA0LOCAL0NODE00000";

  /** The only cluster that its EKS Auth knows. */
  static final String CLUSTER = "checkout-cluster";

  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");

  private final LocalEks eks;
  private final RunningAgent agent;
  private final Ports ports;

  private record Ports(int agent, int probes, int metrics) {}

  private AgentUnderTest(LocalEks eks, RunningAgent agent, Ports ports) {
    this.eks = eks;
    this.agent = agent;
    this.ports = ports;
  }

  static AgentUnderTest start(String... flags) throws IOException, InterruptedException {
    return start(List.of(), flags);
  }

  /** With further variables, each {@code NAME=value}, and further flags, which win. */
  static AgentUnderTest start(List<String> environment, String... flags)
      throws IOException, InterruptedException {
    LocalEks eks = LocalEks.builder().clusterName(CLUSTER).start();
    eks.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/shop"));
    var all = new ArrayList<>(List.of("--endpoint", eks.endpoint().toString()));
    all.addAll(List.of(flags));
    return start(eks, environment, all);
  }

  /** One that does not ask the local EKS, but the endpoint of its region. */
  static AgentUnderTest startInRegion(List<String> environment, String... flags)
      throws IOException, InterruptedException {
    return start(LocalEks.builder().clusterName(CLUSTER).start(), environment, List.of(flags));
  }

  private static AgentUnderTest start(LocalEks eks, List<String> environment, List<String> flags)
      throws IOException, InterruptedException {
    var ports =
        new Ports(NodeAgentJar.freePort(), NodeAgentJar.freePort(), NodeAgentJar.freePort());
    var all = new ArrayList<>(List.of("-c", CLUSTER, "-b", "127.0.0.1"));
    all.addAll(List.of("--port", "" + ports.agent(), "--probe-port", "" + ports.probes()));
    all.addAll(List.of("--metrics-address", "127.0.0.1", "--metrics-port", "" + ports.metrics()));
    all.addAll(flags);
    var variables = new ArrayList<>(List.of("AWS_ACCESS_KEY_ID=" + KEY_OF_NODE));
    // No test leaves this machine.
    variables.addAll(List.of("AWS_SECRET_ACCESS_KEY=node", "AWS_EC2_METADATA_DISABLED=true"));
    variables.addAll(environment);
    var at = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.agent());
    var agent = new AgentUnderTest(eks, RunningAgent.start(variables, at, all), ports);
    // An address is tried before it is served; probes come after all addresses of pods.
    agent.process().until(() -> PodRequests.get(agent.probe("/healthz")).status() == 200);
    return agent;
  }

  RunningAgent process() {
    return agent;
  }

  int port() {
    return ports.agent();
  }

  String uri() {
    return "http://127.0.0.1:" + ports.agent();
  }

  String probe(String path) {
    return "http://127.0.0.1:" + ports.probes() + path;
  }

  int metricsPort() {
    return ports.metrics();
  }

  /** The token of a new pod. */
  String newToken() {
    LocalPod pod = eks.cluster().startPod(ACCOUNT, "checkout");
    return eks.cluster().projectedToken(pod);
  }

  /** The access key id that a pod is given, which must be given one. */
  String keyId(String token) throws IOException {
    return keyId(uri(), token);
  }

  static String keyId(String uri, String token) throws IOException {
    var response = PodRequests.credentials(uri, token);
    assertThat(response.status()).describedAs(response.body()).isEqualTo(200);
    return PodRequests.member(response, "AccessKeyId");
  }

  /** The calls of EKS Auth that were answered with credentials. */
  List<LocalEksCall> calls() {
    return eks.calls().stream().filter(call -> call.status() == 200).toList();
  }

  @Override
  public void close() {
    try {
      agent.close();
    } finally {
      eks.close();
    }
  }
}
