package dev.podidentity.binding;

import java.net.InetAddress;

/**
 * What has to be known of the node's network to listen on an address, and to explain why it cannot
 * be had. Asked every second: implementations are quick, and thread-safe.
 */
public interface NodeNetwork {
  /** Whether any interface of the node, the loopback one included, has an IPv6 address. */
  boolean hasIpv6();

  /** Whether the node has this address now; false only where that is certain. */
  boolean has(InetAddress address);

  /** The network of the machine, or the namespace, that this process runs in. */
  static NodeNetwork system() {
    return new SystemNetwork();
  }
}
