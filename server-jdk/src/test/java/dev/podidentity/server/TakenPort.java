package dev.podidentity.server;

import dev.podidentity.binding.IpLiteral;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A port that is taken at one address and free at {@code 127.0.0.1}. It is below those that systems
 * give to clients: the thousands that a test beside this one connects could take it there.
 */
final class TakenPort {
  private static final int FIRST = 10_000;
  private static final int COUNT = 10_000;
  private static final int MAX_TRIES = 100;

  private TakenPort() {}

  /** Listens at the address until it is closed. */
  static ServerSocket at(String address) throws IOException {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      int port = FIRST + ThreadLocalRandom.current().nextInt(COUNT);
      try (var free = listening("127.0.0.1", port)) {
        return listening(address, free.getLocalPort());
      } catch (BindException e) {
        // Something else listens there: another one.
      }
    }
    throw new IOException("no port from " + FIRST + " on is free");
  }

  private static ServerSocket listening(String address, int port) throws IOException {
    var socket = new ServerSocket();
    try {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(IpLiteral.parse(address).orElseThrow(), port), 1);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
