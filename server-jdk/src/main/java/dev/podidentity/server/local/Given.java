package dev.podidentity.server.local;

import dev.podidentity.addon.configuration.AgentSettings;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.binding.BindHost;
import dev.podidentity.binding.BindingRules;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The addresses that an agent was given, and what they are on its local node.
 *
 * @param port the port that it was given
 * @param givenByReal each address of the node, with what it was called
 * @param absent what the node does not have
 */
record Given(int port, Map<InetAddress, BindHost> givenByReal, List<BindFailure> absent) {
  static final Given NOTHING = new Given(0, Map.of(), List.of());

  /**
   * What these settings give.
   *
   * @throws IOException if the node does not have an address that the agent does not start without
   */
  static Given of(AgentSettings settings, LocalNetwork network) throws IOException {
    var hosts = new LinkedHashMap<InetAddress, BindHost>();
    var absent = new ArrayList<BindFailure>();
    for (BindHost host : settings.bindHosts()) {
      network
          .real(host.address())
          .ifPresentOrElse(
              real -> hosts.putIfAbsent(real, host),
              () -> absent.add(network.absent(host, settings.port())));
    }
    boolean fatal =
        absent.stream().anyMatch(lack -> !lack.host().requirement().tolerates(lack.cause()));
    if (fatal || hosts.isEmpty()) {
      throw new IOException(message(absent));
    }
    return new Given(settings.port(), hosts, List.copyOf(absent));
  }

  void choosePorts(LocalNetwork network) throws IOException {
    for (InetAddress real : givenByReal.keySet()) {
      network.choosePort(real, port);
    }
  }

  BindingRules rules() {
    return BindingRules.of(
        givenByReal.entrySet().stream()
            .map(entry -> new BindHost(entry.getKey(), entry.getValue().requirement()))
            .toList());
  }

  /** What the operating system said of the node's addresses, in the words of who gave them. */
  Stream<BindFailure> inItsWords(List<BindFailure> failures) {
    return failures.stream().map(this::inItsWords);
  }

  private BindFailure inItsWords(BindFailure failure) {
    InetAddress real = failure.host().address();
    BindHost given = givenByReal.getOrDefault(real, failure.host());
    return given.address().equals(real)
        ? failure
        : new BindFailure(given, port, failure.cause(), failure.detail());
  }

  static String message(List<BindFailure> failures) {
    return failures.stream().map(BindFailure::message).collect(Collectors.joining(" "));
  }
}
