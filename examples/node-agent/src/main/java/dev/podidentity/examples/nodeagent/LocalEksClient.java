package dev.podidentity.examples.nodeagent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks a running local EKS what kubectl asks of an API server. */
final class LocalEksClient {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int FIRST_ERROR = 400;

  private final URI endpoint;
  private final HttpClient http = HttpClient.newHttpClient();

  /**
   * A client of the local EKS at this URL.
   *
   * @throws IllegalArgumentException if it is none
   */
  LocalEksClient(String endpoint) {
    this.endpoint = URI.create(endpoint);
    if (this.endpoint.getHost() == null) {
      throw new IllegalArgumentException(
          "'" + endpoint + "' is no URL: --endpoint takes the one that 'local' prints");
    }
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    return send(request(path).GET().build());
  }

  JsonNode post(String path, String json) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(endpoint.resolve(path)).timeout(TIMEOUT);
  }

  private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    JsonNode json = new JsonMapper().readTree(answer.body());
    if (answer.statusCode() >= FIRST_ERROR) {
      throw new IOException(
          json.path("message").asText("The local EKS answered " + answer.statusCode()));
    }
    return json;
  }
}
