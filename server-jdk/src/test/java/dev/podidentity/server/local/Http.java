package dev.podidentity.server.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Plain requests, as curl makes them. */
final class Http {
  private Http() {}

  record Response(int status, String errorType, String body) {}

  static Response get(URI uri, @Nullable String authorization) throws IOException {
    return send(uri, authorization, null);
  }

  static Response post(URI uri, String body) throws IOException {
    return send(uri, null, body);
  }

  private static Response send(URI uri, @Nullable String authorization, @Nullable String body)
      throws IOException {
    var connection = (HttpURLConnection) uri.toURL().openConnection();
    if (authorization != null) {
      connection.setRequestProperty("Authorization", authorization);
    }
    if (body != null) {
      connection.setDoOutput(true);
      connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
    }
    int status = connection.getResponseCode();
    InputStream answer = status < 400 ? connection.getInputStream() : connection.getErrorStream();
    String type = connection.getHeaderField("x-amzn-errortype");
    try (answer) {
      return new Response(
          status,
          type == null ? "" : type,
          new String(answer.readAllBytes(), StandardCharsets.UTF_8));
    }
  }
}
