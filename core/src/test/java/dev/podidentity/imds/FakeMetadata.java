package dev.podidentity.imds;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An instance metadata service on loopback, version 2 only. */
public final class FakeMetadata implements AutoCloseable {
  private final ServerSocket socket;
  private final Map<String, String> documents = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger sessions = new AtomicInteger();

  private FakeMetadata(ServerSocket socket) {
    this.socket = socket;
  }

  /** Starts one that has nothing. */
  public static FakeMetadata start() throws IOException {
    var metadata = new FakeMetadata(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    var thread = new Thread(metadata::serve, "metadata");
    thread.setDaemon(true);
    thread.start();
    return metadata;
  }

  /** Where it is. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  /** Has this below {@code /latest/meta-data/} from now on. */
  public void put(String path, String text) {
    documents.put("/latest/meta-data/" + path, text);
  }

  /** Has credentials of a pod in a folder, and of no other pod there. */
  public void offer(String folder, String uid, String accessKeyId, Instant expiration) {
    put("", "ami-id\n" + folder + "/\niam/\n");
    put(folder + "/info", "{\"PodCredentials\":{\"" + uid + "\":{\"Code\":\"Success\"}}}");
    put(folder + "/security-credentials/" + uid, credentials(accessKeyId, expiration));
  }

  static String credentials(String accessKeyId, Instant expiration) {
    return """
        {"AccessKeyId":"%s","SecretAccessKey":"LocalSecret/metadata","Token":"LocalSessionToken/m",\
        "AccountId":"111122223333","Expiration":"%s"}"""
        .formatted(accessKeyId, expiration);
  }

  /** Has no more of this. */
  public void remove(String path) {
    documents.remove("/latest/meta-data/" + path);
  }

  /** Forgets the sessions that it began. */
  void endSessions() {
    sessions.incrementAndGet();
  }

  private String session() {
    return "session-" + sessions;
  }

  /** Request lines without their version. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (Socket connection = socket.accept()) {
        serve(connection);
      } catch (IOException e) {
        // The client has had enough, or the end of the test.
      }
    }
  }

  private void serve(Socket connection) throws IOException {
    var in =
        new BufferedReader(
            new InputStreamReader(connection.getInputStream(), StandardCharsets.ISO_8859_1));
    String request = String.valueOf(in.readLine()).replace(" HTTP/1.1", "");
    requests.add(request);
    boolean inSession = false;
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      inSession |= line.equals("X-aws-ec2-metadata-token: " + session());
    }
    OutputStream out = connection.getOutputStream();
    if (request.equals("PUT /latest/api/token")) {
      answer(out, 200, session());
    } else if (!inSession) {
      answer(out, 401, "");
    } else {
      String text = documents.get(request.replace("GET ", ""));
      answer(out, text == null ? 404 : 200, text == null ? "" : text);
    }
  }

  private static void answer(OutputStream out, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    String head = "HTTP/1.1 " + status + " X\r\nContent-Length: " + body.length + "\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    out.write(body);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
