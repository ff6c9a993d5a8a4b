package dev.podidentity.server;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.binding.NodeNetwork;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A node with every address but those that a test takes away. */
public final class ChangingNetwork implements NodeNetwork {
  private final Set<InetAddress> gone = ConcurrentHashMap.newKeySet();
  private final AtomicInteger failures = new AtomicInteger();
  private volatile boolean broken;

  /** All addresses are there. */
  public ChangingNetwork() {}

  @Override
  public boolean hasIpv6() {
    return true;
  }

  @Override
  public boolean has(InetAddress address) {
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new OutOfMemoryError("for a test");
    }
    if (broken) {
      throw new IllegalStateException("for a test");
    }
    return !gone.contains(address);
  }

  public void remove(String address) {
    gone.add(IpLiteral.parse(address).orElseThrow());
  }

  public void restore(String address) {
    gone.remove(IpLiteral.parse(address).orElseThrow());
  }

  void failNext(int times) {
    failures.set(times);
  }

  void setBroken(boolean broken) {
    this.broken = broken;
  }
}
