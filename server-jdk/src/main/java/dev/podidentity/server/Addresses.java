package dev.podidentity.server;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.binding.BindHost;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.binding.NodeNetwork;
import dev.podidentity.server.http.HttpListeners;
import dev.podidentity.server.http.RequestCounts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses that are listened on, made to follow an agent's rules and the node's network.
 * Thread-safe.
 */
final class Addresses {
  private static final Logger log = LoggerFactory.getLogger(Addresses.class);

  private record Served(List<InetSocketAddress> addresses, List<BindFailure> unavailable) {
    Served {
      addresses = List.copyOf(addresses);
      unavailable = List.copyOf(unavailable);
    }
  }

  private final HttpListeners listeners;
  private final ToIntFunction<InetAddress> ports;
  private final NodeNetwork network;
  private final ReentrantLock lock = new ReentrantLock();

  /** What the rules name and is lacking, in their order. */
  @GuardedBy("lock")
  private Map<BindHost, BindFailure> failures = new LinkedHashMap<>();

  @GuardedBy("lock")
  private List<BindHost> hosts = List.of();

  /** The port that an address had the last time. */
  @GuardedBy("lock")
  private final Map<InetAddress, Integer> portsTaken = new HashMap<>();

  @GuardedBy("lock")
  private boolean closed;

  private volatile Served served = new Served(List.of(), List.of());

  Addresses(HttpListeners listeners, ToIntFunction<InetAddress> ports, NodeNetwork network) {
    this.listeners = listeners;
    this.ports = ports;
    this.network = network;
  }

  ServerLoad load() {
    RequestCounts now = listeners.counts();
    return new ServerLoad(
        now.underWay(), now.waiting(), now.held(), now.begun(), now.dropped(), now.outOfThreads());
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
    lock.lock();
    try {
      List<InetSocketAddress> before = listeners.addresses();
      var kept = new ArrayList<InetSocketAddress>();
      var lacking = new LinkedHashMap<BindHost, BindFailure>();
      for (BindHost host : rules.hosts()) {
        int port = ports.applyAsInt(host.address());
        before.stream()
            .filter(address -> isAt(address, host, port))
            .findFirst()
            .ifPresentOrElse(kept::add, () -> bind(host, port, lacking));
      }
      List<InetSocketAddress> taken = new ArrayList<>(listeners.addresses());
      taken.removeAll(before);
      if ((kept.isEmpty() && taken.isEmpty())
          || !lacking.values().stream().allMatch(BindFailure::isTolerated)) {
        taken.forEach(listeners::release);
        throw new ListenException(List.copyOf(lacking.values()));
      }
      start.accept(listeners);
      before.stream().filter(address -> !kept.contains(address)).forEach(listeners::release);
      hosts = rules.hosts();
      failures = lacking;
      publish();
    } finally {
      lock.unlock();
    }
  }

  private static boolean isAt(InetSocketAddress address, BindHost host, int port) {
    return host.address().equals(address.getAddress()) && (port == 0 || port == address.getPort());
  }

  private void bind(BindHost host, int port, Map<BindHost, BindFailure> lacking) {
    try {
      listeners.bind(new InetSocketAddress(host.address(), port));
    } catch (IOException e) {
      lacking.put(host, BindFailure.of(host, port, e, network));
    }
  }

  /**
   * Gives up what the node has no more, and takes what it has again. Leaves it to the next look
   * where another agent takes over at this moment.
   */
  void look() {
    if (!lock.tryLock()) {
      return;
    }
    try {
      if (!closed) {
        for (BindHost host : hosts) {
          look(host);
        }
        publish();
      }
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void look(BindHost host) {
    BindFailure failure = failures.get(host);
    boolean there = network.has(host.address());
    if (failure == null && !there) {
      giveUp(host);
    } else if (failure != null && there) {
      retry(host, failure);
    }
  }

  @GuardedBy("lock")
  private void giveUp(BindHost host) {
    for (InetSocketAddress address : listeners.addresses()) {
      if (host.address().equals(address.getAddress())) {
        listeners.release(address);
      }
    }
    BindFailure failure = BindFailure.removed(host, port(host), network);
    failures.put(host, failure);
    log.warn(failure.message());
  }

  @GuardedBy("lock")
  private void retry(BindHost host, BindFailure before) {
    failures.remove(host);
    bind(host, port(host), failures);
    @Nullable BindFailure now = failures.get(host);
    if (now == null) {
      listeners.start();
      log.atInfo().addKeyValue("address", host).log("An address is served that was lacking");
    } else if (!now.equals(before)) {
      log.warn(now.message());
    }
  }

  @GuardedBy("lock")
  private int port(BindHost host) {
    Integer taken = portsTaken.get(host.address());
    return taken != null ? taken : ports.applyAsInt(host.address());
  }

  @GuardedBy("lock")
  private void publish() {
    List<InetSocketAddress> addresses = listeners.addresses();
    for (InetSocketAddress address : addresses) {
      portsTaken.put(address.getAddress(), address.getPort());
    }
    served = new Served(addresses, List.copyOf(failures.values()));
  }

  void close(Duration drainTimeout) {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    listeners.close(drainTimeout);
  }
}
