package dev.podidentity.server;

import dev.podidentity.binding.BindFailure;
import dev.podidentity.binding.BindHost;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.binding.NodeNetwork;
import dev.podidentity.server.http.HttpListeners;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/** The addresses that are listened on, made to follow an agent's rules. */
final class Addresses {
  private record Served(List<InetSocketAddress> addresses, List<BindFailure> unavailable) {
    Served {
      addresses = List.copyOf(addresses);
      unavailable = List.copyOf(unavailable);
    }
  }

  private final HttpListeners listeners;
  private final ToIntFunction<InetAddress> ports;
  private final NodeNetwork network;
  private volatile Served served = new Served(List.of(), List.of());

  Addresses(HttpListeners listeners, ToIntFunction<InetAddress> ports, NodeNetwork network) {
    this.listeners = listeners;
    this.ports = ports;
    this.network = network;
  }

  List<InetSocketAddress> served() {
    return served.addresses();
  }

  List<BindFailure> unavailable() {
    return served.unavailable();
  }

  /**
   * Takes what the rules name and is not yet listened on, has that started, and gives back what
   * they do not name.
   *
   * @throws ListenException if that is not enough for the rules; then nothing has changed
   */
  void follow(BindingRules rules, Consumer<HttpListeners> start) throws ListenException {
    List<InetSocketAddress> before = listeners.addresses();
    var kept = new ArrayList<InetSocketAddress>();
    var failures = new ArrayList<BindFailure>();
    for (BindHost host : rules.hosts()) {
      int port = ports.applyAsInt(host.address());
      before.stream()
          .filter(address -> isAt(address, host, port))
          .findFirst()
          .ifPresentOrElse(kept::add, () -> bind(host, port, failures));
    }
    List<InetSocketAddress> taken = new ArrayList<>(listeners.addresses());
    taken.removeAll(before);
    if ((kept.isEmpty() && taken.isEmpty()) || failures.stream().anyMatch(Addresses::isFatal)) {
      taken.forEach(listeners::release);
      throw new ListenException(failures);
    }
    start.accept(listeners);
    before.stream().filter(address -> !kept.contains(address)).forEach(listeners::release);
    served = new Served(listeners.addresses(), failures);
  }

  private static boolean isAt(InetSocketAddress address, BindHost host, int port) {
    return host.address().equals(address.getAddress()) && (port == 0 || port == address.getPort());
  }

  private void bind(BindHost host, int port, List<BindFailure> failures) {
    try {
      listeners.bind(new InetSocketAddress(host.address(), port));
    } catch (IOException e) {
      failures.add(BindFailure.of(host, port, e, network));
    }
  }

  private static boolean isFatal(BindFailure failure) {
    return !failure.host().requirement().tolerates(failure.cause());
  }

  void close(Duration drainTimeout) {
    listeners.close(drainTimeout);
  }
}
