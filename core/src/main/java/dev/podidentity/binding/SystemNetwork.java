package dev.podidentity.binding;

import java.io.IOException;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.UnsupportedAddressTypeException;

/** The network as the kernel knows it. */
final class SystemNetwork implements NodeNetwork {
  private static final int ANY_PORT = 0;

  @Override
  public boolean hasIpv6() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .anyMatch(Inet6Address.class::isInstance);
    } catch (SocketException e) {
      return false;
    }
  }

  // The kernel is asked what listening asks it: lists of interfaces have IPv6 addresses, too, that
  // are still looked for on the network and cannot be had. A datagram socket opens no port.
  @Override
  public boolean has(InetAddress address) {
    try (var socket = DatagramChannel.open()) {
      socket.bind(new InetSocketAddress(address, ANY_PORT));
      return true;
    } catch (UnsupportedAddressTypeException e) {
      return false;
    } catch (BindException e) {
      return !BindFailure.saysAbsent(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      // Where no file descriptor is left, nothing is known: an address is not given up for that.
      return true;
    }
  }
}
