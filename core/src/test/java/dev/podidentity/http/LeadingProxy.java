package dev.podidentity.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that leads everybody to one server, whatever the name, and knows what it was told. */
final class LeadingProxy implements AutoCloseable {
  private final ServerSocket listening;
  private final int server;
  private final List<String> heads = new CopyOnWriteArrayList<>();

  private LeadingProxy(ServerSocket listening, int server) {
    this.listening = listening;
    this.server = server;
  }

  static LeadingProxy to(int port) throws IOException {
    var proxy = new LeadingProxy(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()), port);
    start(proxy::serve);
    return proxy;
  }

  int port() {
    return listening.getLocalPort();
  }

  /** The heads of the requests that it was sent. */
  List<String> heads() {
    return heads;
  }

  private void serve() {
    while (!listening.isClosed()) {
      try (Socket client = listening.accept();
          Socket there = new Socket(InetAddress.getLoopbackAddress(), server)) {
        String head = head(client.getInputStream());
        heads.add(head);
        if (head.startsWith("CONNECT ")) {
          client.getOutputStream().write(bytes("HTTP/1.1 200 Go ahead\r\n\r\n"));
        } else {
          there.getOutputStream().write(bytes(head));
        }
        start(() -> pass(client, there));
        pass(there, client);
      } catch (IOException e) {
        // Somebody hung up.
      }
    }
  }

  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    return head.toString();
  }

  private static void pass(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // Somebody hung up.
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static void start(Runnable task) {
    var thread = new Thread(task, "leading-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
