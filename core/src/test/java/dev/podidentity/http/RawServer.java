package dev.podidentity.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;

/** A server on loopback that reads one request from each connection and writes what it is told. */
final class RawServer implements AutoCloseable {
  /** What it does on a connection. */
  @FunctionalInterface
  interface Behaviour {
    void on(OutputStream out) throws IOException, InterruptedException;
  }

  private final ServerSocket socket;
  private final Behaviour behaviour;
  private final CountDownLatch closed = new CountDownLatch(1);

  private RawServer(ServerSocket socket, Behaviour behaviour) {
    this.socket = socket;
    this.behaviour = behaviour;
  }

  static RawServer start(Behaviour behaviour) throws IOException {
    return start(ServerSocketFactory.getDefault(), behaviour);
  }

  static RawServer start(ServerSocketFactory sockets, Behaviour behaviour) throws IOException {
    var server =
        new RawServer(
            sockets.createServerSocket(0, 10, InetAddress.getLoopbackAddress()), behaviour);
    var thread = new Thread(server::serve, "raw-server");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  static RawServer writing(String text) throws IOException {
    return start(out -> out.write(text.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** Writes a head, and then a byte every few milliseconds for as long as anybody listens. */
  static RawServer trickling(String head) throws IOException {
    return start(
        out -> {
          out.write(head.getBytes(StandardCharsets.ISO_8859_1));
          var never = new CountDownLatch(1);
          while (!never.await(5, TimeUnit.MILLISECONDS)) {
            out.write('x');
          }
        });
  }

  /** Says nothing for as long as the test runs. */
  static RawServer silent() throws IOException {
    var ended = new CountDownLatch(1);
    return start(out -> ended.await(20, TimeUnit.SECONDS));
  }

  int port() {
    return socket.getLocalPort();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port() + "/path");
  }

  private void serve() {
    while (closed.getCount() > 0) {
      try (Socket connection = socket.accept()) {
        if (connection.getInputStream().read(new byte[4096]) > 0) {
          behaviour.on(connection.getOutputStream());
        }
      } catch (IOException e) {
        // The client has had enough, or the test is over.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    socket.close();
  }
}
