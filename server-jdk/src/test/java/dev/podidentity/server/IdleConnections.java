package dev.podidentity.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** Opens connections, says nothing on them, and holds them until its input ends. */
final class IdleConnections {
  private IdleConnections() {}

  /** Takes the port and how many; prints how many there are. */
  public static void main(String[] args) throws Exception {
    var target = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
    List<SocketChannel> held = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      held.add(SocketChannel.open(target));
    }
    System.out.println("held=" + held.size());
    while (System.in.read() >= 0) {
      // Nothing is said.
    }
    for (SocketChannel channel : held) {
      channel.close();
    }
  }
}
