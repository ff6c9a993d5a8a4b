package dev.podidentity.awssdk;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a process pays for its credentials: the first ones with the classes that they load, cached
 * ones, and threads that stay. Uses public API alone, so that two builds can be run in turn.
 */
final class ProviderFigures {
  private static final int CALLS = 20_000_000;

  private ProviderFigures() {}

  public static void main(String[] args) throws IOException {
    Path token = Files.writeString(Files.createTempFile("pod-identity", ".token"), "the-token");
    ServerSocket agent = agent();
    int before = Thread.activeCount();
    long start = System.nanoTime();
    var provider =
        PodIdentityCredentialsProvider.builder()
            .endpoint(URI.create("http://127.0.0.1:" + agent.getLocalPort() + "/"))
            .tokenFile(token)
            .build();
    provider.resolveCredentials();
    double first = (System.nanoTime() - start) / 1e6;
    double cached = Math.min(cached(provider), Math.min(cached(provider), cached(provider)));
    System.out.printf(
        Locale.ROOT,
        "first %.1f ms, cached %.1f ns, further threads %d%n",
        first,
        cached,
        Thread.activeCount() - before);
    provider.close();
    agent.close();
    Files.delete(token);
  }

  private static double cached(PodIdentityCredentialsProvider provider) {
    long start = System.nanoTime();
    int length = 0;
    for (int i = 0; i < CALLS; i++) {
      length += provider.resolveCredentials().accessKeyId().length();
    }
    double nanos = (System.nanoTime() - start) / (double) CALLS;
    if (length == 0) {
      throw new IllegalStateException("there were no credentials");
    }
    return nanos;
  }

  /** Answers one request on each connection, as long as the process lives. */
  private static ServerSocket agent() throws IOException {
    var agent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    String body =
        """
        {"AccessKeyId": "ASIA0LOCAL0000000001", "SecretAccessKey": "LocalSecret",
         "Token": "LocalSessionToken", "Expiration": "2099-01-01T00:00:00Z"}""";
    byte[] answer =
        ("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
            .getBytes(StandardCharsets.UTF_8);
    var thread = new Thread(() -> answerAll(agent, answer), "agent");
    thread.setDaemon(true);
    thread.start();
    return agent;
  }

  private static void answerAll(ServerSocket agent, byte[] answer) {
    while (!agent.isClosed()) {
      try (Socket client = agent.accept()) {
        var request = new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
        for (String line = request.readLine();
            line != null && !line.isEmpty();
            line = request.readLine()) {
          // The headers are of no interest.
        }
        client.getOutputStream().write(answer);
      } catch (IOException e) {
        // The process is ending, or its client is gone.
      }
    }
  }
}
