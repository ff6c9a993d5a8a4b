package dev.podidentity.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;

/** A server that reads requests, and writes whatever bytes it was told to. */
final class HostileUpstream implements AutoCloseable {
  private final ServerSocket listening;
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final AtomicInteger requests = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Script script = wire -> {};

  HostileUpstream() throws IOException {
    this(ServerSocketFactory.getDefault());
  }

  /** One whose sockets come from here. */
  HostileUpstream(ServerSocketFactory sockets) throws IOException {
    listening = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** What is answered to a request; the connection is closed when it fails. */
  @FunctionalInterface
  interface Script {
    void answer(Wire wire) throws IOException;
  }

  /** One request's way back. */
  final class Wire {
    private final String request;
    private final Socket socket;
    private final OutputStream out;

    private Wire(String request, Socket socket) throws IOException {
      this.request = request;
      this.socket = socket;
      this.out = socket.getOutputStream();
    }

    /** The first line of the request. */
    String request() {
      return request;
    }

    void text(String text) throws IOException {
      out.write(text.getBytes(ISO_8859_1));
      out.flush();
    }

    /** An answer in JSON with the right length. */
    void json(int status, String body) throws IOException {
      text(
          "HTTP/1.1 "
              + status
              + " X\r\nContent-Type: application/x-amz-json-1.1\r\n"
              + "Content-Length: "
              + body.length()
              + "\r\n\r\n"
              + body);
    }

    /** The same again and again, until this many bytes were written or the client is gone. */
    void flood(String text, long bytes) throws IOException {
      byte[] block = text.repeat(Math.max(1, 65_536 / text.length())).getBytes(ISO_8859_1);
      for (long written = 0; written < bytes; written += block.length) {
        out.write(block);
      }
      out.flush();
    }

    /** A byte every 50 ms, until the client is gone or this server is closed. */
    void trickle(String text) throws IOException {
      for (int i = 0; !pause(50); i++) {
        text(text.substring(i % text.length(), i % text.length() + 1));
      }
    }

    /** Nothing any more, and the connection stays. */
    void fallSilent() throws IOException {
      while (!pause(1_000)) {
        // Until the server is closed.
      }
    }

    void close() throws IOException {
      socket.close();
    }

    private boolean pause(long millis) throws IOException {
      try {
        return closed.await(millis, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

  void answers(Script next) {
    script = next;
  }

  int requests() {
    return requests.get();
  }

  int port() {
    return listening.getLocalPort();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  private static void start(Runnable task) {
    var thread = new Thread(task, "hostile-upstream");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        connections.add(socket);
        start(() -> serve(socket));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        String request = readRequest(in);
        requests.incrementAndGet();
        script.answer(new Wire(request, socket));
      }
    } catch (IOException e) {
      // The client has had enough.
    } finally {
      connections.remove(socket);
    }
  }

  private static String readRequest(InputStream in) throws IOException {
    String request = line(in);
    int length = 0;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.regionMatches(true, 0, "Content-Length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    in.skipNBytes(length);
    return request;
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("closed");
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    listening.close();
    for (Socket socket : connections) {
      socket.close();
    }
  }
}
