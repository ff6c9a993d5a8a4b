package dev.podidentity.examples.nodeagent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
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
    this.endpoint = url(endpoint);
  }

  private static URI url(String text) {
    try {
      var url = new URI(text);
      if (url.getHost() != null && String.valueOf(url.getScheme()).matches("https?")) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "'" + text + "' is no URL: --endpoint takes the one that 'local' prints");
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
    HttpResponse<String> answer = exchange(request);
    JsonNode json = json(answer.body());
    if (answer.statusCode() >= FIRST_ERROR) {
      throw new IOException(
          json.path("message").asText("The local EKS answered " + answer.statusCode()));
    }
    return json;
  }

  private HttpResponse<String> exchange(HttpRequest request)
      throws IOException, InterruptedException {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (ConnectException e) {
      throw unlikeAnEks("nobody listens there", e);
    } catch (HttpTimeoutException e) {
      throw unlikeAnEks("there is no answer within " + TIMEOUT.toSeconds() + " s", e);
    } catch (IOException e) {
      throw unlikeAnEks("the answer is no HTTP", e);
    }
  }

  private JsonNode json(String body) throws IOException {
    try {
      return new JsonMapper().readTree(body);
    } catch (JsonProcessingException e) {
      throw unlikeAnEks("the answer is no JSON", e);
    }
  }

  private IOException unlikeAnEks(String what, IOException cause) {
    return new IOException(
        "There is no local EKS at "
            + endpoint
            + ": "
            + what
            + "; start 'local', and give --endpoint the URL that it prints",
        cause);
  }
}
