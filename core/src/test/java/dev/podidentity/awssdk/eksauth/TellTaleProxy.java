package dev.podidentity.awssdk.eksauth;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** An HTTPS proxy that lets nobody through, and tells where everybody wanted to go. */
final class TellTaleProxy implements AutoCloseable {
  private static final byte[] NO_WAY =
      "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final ServerSocket listening;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private TellTaleProxy(ServerSocket listening) {
    this.listening = listening;
  }

  static TellTaleProxy start() throws IOException {
    var proxy = new TellTaleProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    var thread = new Thread(proxy::serve, "tell-tale-proxy");
    thread.setDaemon(true);
    thread.start();
    return proxy;
  }

  int port() {
    return listening.getLocalPort();
  }

  /** The hosts and ports of all {@code CONNECT} requests. */
  List<String> asked() {
    return asked;
  }

  private void serve() {
    while (!listening.isClosed()) {
      try (Socket client = listening.accept()) {
        var in =
            new BufferedReader(
                new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        String request = String.valueOf(in.readLine());
        for (String line = request; line != null && !line.isEmpty(); ) {
          line = in.readLine();
        }
        asked.add(request.replaceFirst("CONNECT (\\S+) .*", "$1"));
        client.getOutputStream().write(NO_WAY);
      } catch (IOException e) {
        // A client that gives up, or the end.
      }
    }
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
