package dev.podidentity.server.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eks.EksClient;

/** From the association's creation to its end, as a pod lives through it. */
class PodsDayTest {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");
  private static final String CLUSTER = "my-cluster";

  @Test
  void passesInMillisecondsThroughRealHttp() throws Exception {
    try (var local = LocalEks.start();
        var eks = Clients.eks(local.endpoint())) {
      // What is loaded and compiled at the first call is no part of the day.
      eks.listPodIdentityAssociations(r -> r.clusterName(CLUSTER));
      LocalEksPod pod = local.startPod(ACCOUNT, "checkout-1");
      assertThat(ask(pod).status()).isEqualTo(404);

      Instant morning = local.cluster().clock().instant();
      long start = System.nanoTime();
      live(local, eks, pod);
      Duration took = Duration.ofNanos(System.nanoTime() - start);

      System.out.printf(
          "a pod's day of %s took %d ms%n",
          Duration.between(morning, local.cluster().clock().instant())
              .truncatedTo(ChronoUnit.HOURS),
          took.toMillis());
    }
  }

  private static void live(LocalEks local, EksClient eks, LocalEksPod pod) throws Exception {
    String id =
        eks.createPodIdentityAssociation(
                r ->
                    r.clusterName(CLUSTER)
                        .namespace("shop")
                        .serviceAccount("checkout")
                        .roleArn("arn:aws:iam::111122223333:role/morning"))
            .association()
            .associationId();
    JsonNode morning = credentials(pod);

    String firstToken = Files.readString(pod.tokenFile());
    local.moveTime(Duration.ofHours(20));
    assertThat(Files.readString(pod.tokenFile())).isNotEqualTo(firstToken);
    JsonNode evening = credentials(pod);
    assertThat(Instant.parse(evening.get("Expiration").asText()))
        .isAfter(Instant.parse(morning.get("Expiration").asText()));

    local.cluster().rotateKeys();
    credentials(pod);
    local.cluster().retireOldKeys();
    assertThat(ask(pod).body()).contains("InvalidTokenException");
    local.moveTime(Duration.ofHours(20));
    credentials(pod);

    eks.updatePodIdentityAssociation(
        r ->
            r.clusterName(CLUSTER)
                .associationId(id)
                .targetRoleArn("arn:aws:iam::444455556666:role/night"));
    assertThat(credentials(pod).get("AccountId").asText()).isEqualTo("444455556666");

    eks.deletePodIdentityAssociation(r -> r.clusterName(CLUSTER).associationId(id));
    Http.Response refused = ask(pod);
    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.body()).contains("ResourceNotFoundException", "shop/checkout");
  }

  private static JsonNode credentials(LocalEksPod pod) throws Exception {
    Http.Response answer = ask(pod);
    assertThat(answer.status()).isEqualTo(200);
    return new JsonMapper().readTree(answer.body());
  }

  private static Http.Response ask(LocalEksPod pod) throws IOException {
    return Http.get(pod.credentialsUri(), Files.readString(pod.tokenFile()));
  }
}
