package dev.podidentity.client;

import dev.podidentity.binding.IpLiteral;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An agent that misbehaves as told: it writes bytes onto sockets and knows no HTTP. */
public final class FakeAgent implements AutoCloseable {
  /** What is done with one request, on a connection that is closed behind it. */
  @FunctionalInterface
  public interface Behaviour {
    void answer(Request request, Socket connection) throws IOException, InterruptedException;
  }

  /** What a client sent. */
  public record Request(String line, Map<String, String> headers) {
    public String header(String name) {
      return headers.getOrDefault(name, "");
    }
  }

  private final InetAddress address;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            var thread = new Thread(task, "fake-agent");
            thread.setDaemon(true);
            return thread;
          });
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private volatile Behaviour behaviour;
  private volatile ServerSocket listening;
  private volatile CountDownLatch ended = new CountDownLatch(0);

  private FakeAgent(InetAddress address, Behaviour behaviour) throws IOException {
    this.address = address;
    this.behaviour = behaviour;
    this.listening = listen(0);
    accept(listening);
  }

  public static FakeAgent start(Behaviour behaviour) throws IOException {
    return new FakeAgent(IpLiteral.parse("127.0.0.1").orElseThrow(), behaviour);
  }

  public static FakeAgent startOnIpv6(Behaviour behaviour) throws IOException {
    return startOn(IpLiteral.parse("::1").orElseThrow(), behaviour);
  }

  public static FakeAgent startOn(InetAddress address, Behaviour behaviour) throws IOException {
    return new FakeAgent(address, behaviour);
  }

  public static Behaviour json(int status, String body, String... headers) {
    return (request, connection) -> write(connection, response(status, body, headers));
  }

  public static String response(int status, String body, String... headers) {
    var lines = new ArrayList<String>();
    lines.add("HTTP/1.1 " + status + " Whatever");
    lines.add("Content-Type: application/json");
    lines.add("Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length);
    lines.addAll(List.of(headers));
    return String.join("\r\n", lines) + "\r\n\r\n" + body;
  }

  public static void write(Socket connection, String text) throws IOException {
    OutputStream out = connection.getOutputStream();
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private ServerSocket listen(int port) throws IOException {
    var socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(address, port), 1024);
    return socket;
  }

  private void accept(ServerSocket socket) {
    var end = new CountDownLatch(1);
    ended = end;
    threads.execute(
        () -> {
          try {
            acceptUntilClosed(socket);
          } finally {
            end.countDown();
          }
        });
  }

  private void acceptUntilClosed(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        connections.add(connection);
        threads.execute(() -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      Request request = read(connection);
      requests.add(request);
      behaviour.answer(request, connection);
    } catch (IOException | InterruptedException e) {
      // The client hung up, or this agent did.
    } finally {
      connections.remove(connection);
    }
  }

  private static Request read(Socket connection) throws IOException {
    var in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    String line = String.valueOf(in.readLine());
    var headers = new TreeMap<String, String>();
    for (String header = in.readLine();
        header != null && !header.isEmpty();
        header = in.readLine()) {
      int colon = header.indexOf(':');
      headers.put(header.substring(0, colon).toLowerCase(Locale.ROOT), header.substring(colon + 2));
    }
    return new Request(line, headers);
  }

  public void behave(Behaviour next) {
    behaviour = next;
  }

  public List<Request> requests() {
    return requests;
  }

  public int port() {
    return listening.getLocalPort();
  }

  public URI uri() {
    return URI.create("http://" + IpLiteral.format(address) + ":" + port() + "/v1/credentials");
  }

  /** Refuses connections, and drops those that there are. */
  public void stop() throws IOException {
    listening.close();
    // Until the accepting thread has noticed, the kernel goes on taking connections.
    try {
      ended.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Socket connection : connections) {
      connection.close();
    }
  }

  /** Listens again where it did before. */
  public void restart() throws IOException {
    ServerSocket again = listen(port());
    listening = again;
    accept(again);
  }

  @Override
  public void close() throws IOException {
    stop();
    threads.shutdownNow();
  }
}
