package dev.podidentity.examples.nodeagent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Requests as pods, kubelets and scrapers make them, through no proxy. */
final class PodRequests {
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int MAX_TRIES = 20;

  private PodRequests() {}

  record Response(int status, String body) {}

  /** Asks without a token. */
  static Response get(String uri) throws IOException {
    return send(uri, "");
  }

  /** Asks for credentials, as a client does that asks again on 503. */
  static Response credentials(String agent, String token) throws IOException {
    String uri = agent + "/v1/credentials";
    Response response = send(uri, token);
    for (int tries = 1; response.status() == 503 && tries < MAX_TRIES; tries++) {
      response = send(uri, token);
    }
    return response;
  }

  /** Asks once. */
  static Response send(String uri, String token) throws IOException {
    var connection = (HttpURLConnection) URI.create(uri).toURL().openConnection(Proxy.NO_PROXY);
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    if (!token.isEmpty()) {
      connection.setRequestProperty("Authorization", token);
    }
    int status = connection.getResponseCode();
    try (InputStream body =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return new Response(status, new String(body.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** The value of a metric; 0 where there is none. */
  static double metric(String uri, String name) throws IOException {
    return get(uri)
        .body()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElse(0);
  }

  /** A member of a JSON answer. */
  static String member(Response response, String name) throws IOException {
    JsonNode json = new JsonMapper().readTree(response.body());
    return json.path(name).asText();
  }
}
