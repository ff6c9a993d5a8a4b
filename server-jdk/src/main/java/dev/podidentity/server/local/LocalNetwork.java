package dev.podidentity.server.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.binding.BindHost;
import dev.podidentity.binding.BindRequirement;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.binding.IpLiteral;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The network of a local node: which addresses of this machine stand for those that EKS gives to an
 * agent. What is listened on keeps its port for as long as the node lives, so that what a pod was
 * told stays right. Thread-safe.
 */
final class LocalNetwork {
  private static final int AGENT_PORT = 80;

  /** Below those that systems give to clients, so that no client has it when the agent starts. */
  private static final int FIRST_PORT = 20_000;

  private static final int PORTS = 10_000;
  private static final int PORT_ATTEMPTS = 100;

  private static final InetAddress IPV4 = literal(BindingRules.DEFAULT_IPV4);
  private static final InetAddress IPV6 = literal(BindingRules.DEFAULT_IPV6);

  private final List<BindHost> hosts;
  private final Map<InetAddress, InetAddress> realByGiven = new LinkedHashMap<>();

  @GuardedBy("this")
  private final Map<InetSocketAddress, Integer> portByGiven = new HashMap<>();

  /**
   * A network of these addresses: the first of each family stands for EKS' own.
   *
   * @param hosts the addresses of this machine, with what it means if one cannot be had
   * @param agentPort the port that stands for port 80; 0 for a free one
   */
  LocalNetwork(List<BindHost> hosts, int agentPort) {
    this.hosts = List.copyOf(hosts);
    List<InetAddress> addresses = hosts.stream().map(BindHost::address).toList();
    for (InetAddress address : addresses) {
      realByGiven.putIfAbsent(address instanceof Inet6Address ? IPV6 : IPV4, address);
    }
    addresses.forEach(address -> realByGiven.put(address, address));
    if (agentPort != 0) {
      addresses.forEach(
          address -> portByGiven.put(new InetSocketAddress(address, AGENT_PORT), agentPort));
    }
  }

  /** The network of the node of this number, from 1 on. */
  static LocalNetwork loopback(int number) {
    var hosts = new ArrayList<BindHost>();
    InetAddress own = literal("127.0.0." + number);
    // Not every system has all of 127.0.0.0/8 on its loopback.
    hosts.add(
        new BindHost(canListen(own, 0) ? own : literal("127.0.0.1"), BindRequirement.REQUIRED));
    InetAddress ipv6 = literal("::1");
    if (canListen(ipv6, 0)) {
      hosts.add(new BindHost(ipv6, BindRequirement.REQUIRED));
    }
    return new LocalNetwork(hosts, 0);
  }

  private static boolean canListen(InetAddress address, int port) {
    try (var socket = new ServerSocket(port, 1, address)) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  /** The addresses, as an agent is given them that nobody told otherwise. */
  List<BindHost> hosts() {
    return hosts;
  }

  private static InetAddress literal(String text) {
    return IpLiteral.parse(text).orElseThrow();
  }

  /** The address of this machine that one given to an agent stands for; empty if for none. */
  Optional<InetAddress> real(InetAddress given) {
    return Optional.ofNullable(realByGiven.get(given));
  }

  /** Why an agent cannot listen on an address that stands for none here. */
  BindFailure absent(BindHost given, int port) {
    boolean noIpv6 = given.address() instanceof Inet6Address && !realByGiven.containsKey(IPV6);
    return new BindFailure(
        given,
        port,
        noIpv6 ? BindFailure.Cause.IPV6_OFF : BindFailure.Cause.ADDRESS_ABSENT,
        "a local node has " + names());
  }

  private List<String> names() {
    return realByGiven.keySet().stream().map(IpLiteral::format).toList();
  }

  /** The port that is listened on for one that was given to an agent; 0 if any will do. */
  synchronized int port(InetAddress real, int given) {
    return portByGiven.getOrDefault(new InetSocketAddress(real, given), 0);
  }

  /** Keeps the ports that were taken. */
  synchronized void taken(List<InetSocketAddress> addresses, int given) {
    addresses.forEach(
        address ->
            portByGiven.put(new InetSocketAddress(address.getAddress(), given), address.getPort()));
  }

  /** Where pods find an agent that listens as EKS has it, whether there is one or not. */
  InetSocketAddress agentAddress() throws IOException {
    InetAddress real = realByGiven.getOrDefault(IPV4, realByGiven.values().iterator().next());
    return new InetSocketAddress(real, choosePort(real, AGENT_PORT));
  }

  /** The port that is listened on for one that was given to an agent; chosen now if need be. */
  synchronized int choosePort(InetAddress real, int given) throws IOException {
    int port = port(real, given);
    if (port == 0) {
      port = unusedPort(real);
      portByGiven.put(new InetSocketAddress(real, given), port);
    }
    return port;
  }

  private static int unusedPort(InetAddress real) throws IOException {
    for (int attempt = 1; attempt < PORT_ATTEMPTS; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST_PORT, FIRST_PORT + PORTS);
      if (canListen(real, port)) {
        return port;
      }
    }
    try (var socket = new ServerSocket(0, 1, real)) {
      return socket.getLocalPort();
    }
  }
}
