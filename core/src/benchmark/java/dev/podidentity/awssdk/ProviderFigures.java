package dev.podidentity.awssdk;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
    HttpServer agent = agent();
    int before = Thread.activeCount();
    long start = System.nanoTime();
    var provider =
        PodIdentityCredentialsProvider.builder()
            .endpoint(URI.create("http://127.0.0.1:" + agent.getAddress().getPort() + "/"))
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
    agent.stop(0);
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

  private static HttpServer agent() throws IOException {
    HttpServer agent =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    byte[] answer =
        """
        {"AccessKeyId": "ASIA0LOCAL0000000001", "SecretAccessKey": "LocalSecret",
         "Token": "LocalSessionToken", "Expiration": "2099-01-01T00:00:00Z"}"""
            .getBytes(StandardCharsets.UTF_8);
    agent.createContext(
        "/",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    agent.start();
    return agent;
  }
}
