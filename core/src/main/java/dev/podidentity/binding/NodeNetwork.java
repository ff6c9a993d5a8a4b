package dev.podidentity.binding;

import java.net.Inet6Address;
import java.net.NetworkInterface;
import java.net.SocketException;

/** What has to be known of the node's network to explain why an address cannot be had. */
@FunctionalInterface
public interface NodeNetwork {
  /** Whether any interface of the node, the loopback one included, has an IPv6 address. */
  boolean hasIpv6();

  /** The network of the machine, or the namespace, that this process runs in. */
  static NodeNetwork system() {
    return () -> {
      try {
        return NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .anyMatch(Inet6Address.class::isInstance);
      } catch (SocketException e) {
        return false;
      }
    };
  }
}
