package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalEksCommandIT {
  @TempDir private Path folder = Path.of("");

  @Test
  void keepsAssociationsAndMakesTokensForAnyPod() throws Exception {
    String first = runWithAToken("shop/checkout=arn:aws:iam::111122223333:role/first");
    String second = runWithAToken("shop/report=arn:aws:iam::111122223333:role/second");

    assertThat(first).contains("\"AccountId\":\"111122223333\"");
    assertThat(second).contains("\"AccountId\":\"111122223333\"");
  }

  /** What the agent answers to a pod of shop/checkout, which only the first start associates. */
  private String runWithAToken(String association) throws Exception {
    try (var local =
        RunningLocal.start("--data-dir", folder.toString(), "--association", association)) {
      return get(local.agent(), local.token("shop", "checkout", "checkout-1"));
    }
  }

  @Test
  void refusesAnAssociationThatMakesNoSense() throws Exception {
    var result = NodeAgentJar.run("local", "--association", "checkout");

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).contains("--association").contains("write namespace/service-account");
  }

  private static String get(URI uri, String token) throws Exception {
    var request = HttpRequest.newBuilder(uri).header("Authorization", token).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
