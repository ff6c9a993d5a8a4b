package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What operators read of a running {@code server}. */
@Tag("every-jdk")
class OperationsIT {
  @Test
  void showsItsHealthItsMetricsAndItsEntries() throws Exception {
    int port = NodeAgentJar.freePort();
    int probePort = NodeAgentJar.freePort();
    int metricsPort = NodeAgentJar.freePort();
    var command = new ArrayList<>(List.of("env", "AWS_ACCESS_KEY_ID=AKIA0LOCAL0NODE00000"));
    command.add("AWS_SECRET_ACCESS_KEY=local-node");
    command.addAll(NodeAgentJar.command());
    command.addAll(List.of("server", "-c", "my-cluster", "-b", "127.0.0.1", "-p", "" + port));
    command.addAll(List.of("--probe-port", "" + probePort, "--debug-entries"));
    command.addAll(List.of("--metrics-address", "127.0.0.1", "--metrics-port", "" + metricsPort));
    Process server = NodeAgentJar.start(command);
    try {
      assertThat(server.errorReader().readLine()).contains("listening");

      assertThat(get(probePort, "/healthz").body()).contains("\"healthy\"");
      assertThat(get(probePort, "/readyz").body()).contains("own credentials");
      assertThat(get(probePort, "/debug/entries").body()).contains("\"count\":0");
      assertThat(get(metricsPort, "/healthz").statusCode()).isEqualTo(200);
      assertThat(get(metricsPort, "/debug/entries").statusCode()).isEqualTo(404);
      assertThat(get(port, "/").statusCode()).isEqualTo(404);
      assertThat(get(metricsPort, "/metrics").body())
          .contains("pod_identity_http_response{code=\"404\"}")
          .contains("pod_identity_address_up{address=\"127.0.0.1\"} 1.0")
          .contains("jvm_memory_used_bytes");
    } finally {
      server.destroy();
      assertThat(server.waitFor()).isZero();
    }
  }

  private static HttpResponse<String> get(int port, String path) throws Exception {
    var uri = URI.create("http://127.0.0.1:" + port + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
  }
}
