package dev.podidentity.kubernetes;

import dev.podidentity.local.LocalCluster;
import dev.podidentity.tls.TlsKeys;
import dev.podidentity.token.ServiceAccountRef;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The API server of a local cluster on loopback, over TLS, with the folder that a kubelet would
 * mount. It gives its keys only to those who show the token of that folder.
 */
public final class FakeApiServer implements AutoCloseable {
  /** What it does in place of answering with its keys. */
  @FunctionalInterface
  public interface Behaviour {
    /** Writes an answer, or does not. */
    void answer(OutputStream out) throws IOException;
  }

  private record Other(String part, Behaviour behaviour) {}

  private final LocalCluster cluster;
  private final Path folder;
  private final ServerSocket socket;
  private final AtomicInteger asked = new AtomicInteger();
  private final List<Other> others = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour;
  private volatile boolean open;

  private FakeApiServer(LocalCluster cluster, Path folder, ServerSocket socket) {
    this.cluster = cluster;
    this.folder = folder;
    this.socket = socket;
    this.behaviour = out -> answer(out, 200, "", cluster.jwks());
  }

  /** Starts one whose certificate is for 127.0.0.1. */
  public static FakeApiServer start(LocalCluster cluster, Path folder)
      throws IOException, InterruptedException {
    return start(cluster, folder, "ip:127.0.0.1");
  }

  static FakeApiServer start(LocalCluster cluster, Path folder, String subject)
      throws IOException, InterruptedException {
    return start(cluster, folder, "kube", subject);
  }

  /** One of another cluster, whose certificate is for 127.0.0.1, too. */
  static FakeApiServer impostor(LocalCluster cluster, Path folder)
      throws IOException, InterruptedException {
    return start(cluster, folder, "impostor", "ip:127.0.0.1");
  }

  private static FakeApiServer start(LocalCluster cluster, Path folder, String name, String subject)
      throws IOException, InterruptedException {
    TlsKeys keys = TlsKeys.of(name, subject);
    Files.writeString(folder.resolve("ca.crt"), keys.certificate());
    ServerSocket socket =
        keys.sockets().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var api = new FakeApiServer(cluster, folder, socket);
    api.renewToken();
    daemon(api::serve);
    return api;
  }

  /** Replaces the token of the folder, as the kubelet does; the one before is of no more use. */
  public void renewToken() throws IOException {
    var account = new ServiceAccountRef("kube-system", "agent");
    Files.writeString(folder.resolve("token"), cluster.unboundToken(account) + "\n");
  }

  /** Gives its keys to everybody from now on. */
  public void open() {
    open = true;
  }

  /** Where its keys are. */
  public URI keys() {
    return URI.create("https://127.0.0.1:" + socket.getLocalPort() + "/openid/v1/jwks");
  }

  /** Does this from now on. */
  public void behave(Behaviour behaviour) {
    this.behaviour = behaviour;
  }

  /**
   * Does this for requests whose first line or headers contain this, unless an earlier one does.
   */
  public void serve(String part, Behaviour behaviour) {
    others.add(new Other(part, behaviour));
  }

  /** How often it was asked for its keys. */
  public int asked() {
    return asked.get();
  }

  /** What Kubernetes puts into a pod's environment. */
  public Map<String, String> environment() {
    return Map.of(
        "KUBERNETES_SERVICE_HOST",
        "127.0.0.1",
        "KUBERNETES_SERVICE_PORT",
        Integer.toString(socket.getLocalPort()));
  }

  private void serve() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        daemon(() -> serve(connection));
      } catch (IOException e) {
        // The end of the test.
      }
    }
  }

  private static void daemon(Runnable work) {
    var thread = new Thread(work, "api-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket connection) {
    try (connection) {
      answer(connection);
    } catch (IOException e) {
      // A client that does not trust this server, or has had enough.
    }
  }

  private void answer(Socket connection) throws IOException {
    var in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    var request = new StringBuilder();
    String bearer = "Authorization: Bearer " + Files.readString(folder.resolve("token")).strip();
    boolean allowed = open;
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      request.append(line).append('\n');
      allowed |= line.equals(bearer);
    }
    OutputStream out = connection.getOutputStream();
    if (!allowed) {
      answer(out, 401, "", "");
    } else if (request.indexOf("GET /openid/v1/jwks ") == 0) {
      asked.incrementAndGet();
      behaviour.answer(out);
    } else {
      other(request.toString()).answer(out);
    }
  }

  private Behaviour other(String request) {
    return others.stream()
        .filter(other -> request.contains(other.part()))
        .findFirst()
        .map(Other::behaviour)
        .orElse(out -> answer(out, 404, "", ""));
  }

  /** Writes an answer with a text; header lines end with a line break. */
  public static void answer(OutputStream out, int status, String headers, String text)
      throws IOException {
    String answer =
        "HTTP/1.1 %d X\r\n%sContent-Length: %d\r\n\r\n%s"
            .formatted(status, headers, text.length(), text);
    out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
