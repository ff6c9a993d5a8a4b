package dev.podidentity.server;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.binding.NodeNetwork;
import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A node with every address but those that a test takes away. */
public final class ChangingNetwork implements NodeNetwork {
  private final Set<InetAddress> gone = ConcurrentHashMap.newKeySet();
  private volatile boolean broken;

  /** All addresses are there. */
  public ChangingNetwork() {}

  @Override
  public boolean hasIpv6() {
    return true;
  }

  @Override
  public boolean has(InetAddress address) {
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

  void setBroken(boolean broken) {
    this.broken = broken;
  }
}
