package dev.podidentity.server.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.podidentity.association.RoleArn;
import dev.podidentity.local.Fault;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.eks.EksClient;

@Tag("every-jdk")
class LocalEksTest {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");
  private static final RoleArn ROLE = RoleArn.parse("arn:aws:iam::111122223333:role/my-role");
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir private Path folder = Path.of("");

  @Test
  void keepsAssociationsInItsDataFolder() throws Exception {
    try (var eks = LocalEks.builder().dataDir(folder).start()) {
      eks.associations().create(ACCOUNT, ROLE);
    }

    try (var eks = LocalEks.builder().dataDir(folder).start()) {
      assertThat(eks.associations().find(ACCOUNT)).isPresent();
    }
    assertThat(folder.resolve("my-cluster.associations.jsonl")).exists();
  }

  @Test
  void givesAPodWhatEksGivesToIt() throws Exception {
    Path tokenFile;
    try (var eks = LocalEks.start()) {
      eks.associations().create(ACCOUNT, ROLE);
      LocalEksPod pod = eks.startPod(ACCOUNT, "checkout-1");
      tokenFile = Path.of(pod.environment().get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
      URI uri = URI.create(pod.environment().get("AWS_CONTAINER_CREDENTIALS_FULL_URI"));

      Http.Response answer = Http.get(uri, Files.readString(tokenFile));

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).contains("\"AccountId\":\"111122223333\"");
      assertThat(eks.calls())
          .extracting(LocalEksCall::operation)
          .containsExactly("AssumeRoleForPodIdentity");
    }
    assertThat(tokenFile.resolve("../..")).doesNotExist();
  }

  @Test
  void tellsWhatItWasAsked() throws Exception {
    try (var eks = LocalEks.start();
        var client = Clients.eks(eks.endpoint())) {
      client.listPodIdentityAssociations(r -> r.clusterName("my-cluster"));
      assertThatThrownBy(() -> client.listPodIdentityAssociations(r -> r.clusterName("other")))
          .isInstanceOf(AwsServiceException.class);

      assertThat(eks.calls()).extracting(LocalEksCall::status).containsExactly(200, 404);
      assertThat(eks.calls())
          .allSatisfy(
              call -> {
                assertThat(call.operation()).isEqualTo("ListPodIdentityAssociations");
                assertThat(call.accessKeyId()).contains(Clients.KEY_ID);
              });
    }
  }

  @Test
  void publishesHowToVerifyItsTokens() throws Exception {
    try (var eks = LocalEks.start()) {
      eks.cluster().rotateKeys();
      JsonNode discovery = get(eks.endpoint().resolve("/.well-known/openid-configuration"));
      String jwks = get(URI.create(discovery.get("jwks_uri").asText())).toString();
      String token = eks.cluster().projectedToken(eks.cluster().startPod(ACCOUNT, "p"));

      TokenVerifier.jwks(
              discovery.get("issuer").asText(), () -> jwks, eks.cluster().clock(), Duration.ZERO)
          .verify(ServiceAccountToken.parse(token));

      assertThat(JSON.readTree(jwks).get("keys")).hasSize(2);
    }
  }

  @Test
  void makesTokensAsTheApiServerDoes() throws Exception {
    try (var eks = LocalEks.start()) {
      var path = "/api/v1/namespaces/shop/serviceaccounts/checkout/token";
      Http.Response answer =
          Http.post(
              eks.endpoint().resolve(path),
              "{\"spec\":{\"boundObjectRef\":{\"kind\":\"Pod\",\"name\":\"p-1\"}}}");

      var token =
          ServiceAccountToken.parse(
              JSON.readTree(answer.body()).path("status").path("token").asText());
      assertThat(answer.status()).isEqualTo(201);
      assertThat(token.serviceAccount()).isEqualTo(ACCOUNT);
      assertThat(token.pod().orElseThrow().name()).isEqualTo("p-1");
    }
  }

  @Test
  void closesTheConnectionInsteadOfAnswering() throws Exception {
    try (var eks = LocalEks.start();
        var client = Clients.eks(eks.endpoint())) {
      eks.faults().switchOn(new Fault.Reset());

      assertThatThrownBy(() -> list(client)).isInstanceOf(SdkClientException.class);
      assertThat(eks.calls()).extracting(LocalEksCall::status).contains(0);
    }
  }

  @Test
  void hangsUntilItIsSwitchedOff() throws Exception {
    try (var eks = LocalEks.start();
        var client = Clients.eks(eks.endpoint())) {
      eks.faults().switchOn(new Fault.Hang());
      var answer = CompletableFuture.runAsync(() -> list(client));

      assertThat(answer).isNotDone();
      eks.faults().switchOff(Fault.Hang.class);

      assertThat(answer).succeedsWithin(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void answersSlowly() throws Exception {
    try (var eks = LocalEks.start();
        var client = Clients.eks(eks.endpoint())) {
      eks.faults().switchOn(new Fault.Slow(Duration.ofMillis(30)));
      long start = System.nanoTime();

      list(client);

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(30));
    }
  }

  @Test
  void acceptsOnlyWhatIsSignedWithItsKey() throws Exception {
    try (var eks = LocalEks.builder().accessKey("AKIA0LOCAL0RIGHT0000", "LocalSecret/r").start();
        var right = Clients.eks(eks.endpoint(), "AKIA0LOCAL0RIGHT0000", "LocalSecret/r");
        var wrong = Clients.eks(eks.endpoint(), "AKIA0LOCAL0RIGHT0000", "LocalSecret/w");
        var unknown = Clients.eks(eks.endpoint(), "AKIA0LOCAL0UNKNOWN00", "LocalSecret/r")) {
      var association = eks.associations().create(ACCOUNT, ROLE);
      String arn = association.associationArn().toString();

      list(right);
      right.tagResource(r -> r.resourceArn(arn).tags(Map.of("a b+", "ü/~")));
      right.untagResource(r -> r.resourceArn(arn).tagKeys("a b+", "x&y=z"));

      assertThat(errorCode(wrong)).isEqualTo("InvalidSignatureException");
      assertThat(errorCode(unknown)).isEqualTo("UnrecognizedClientException");
      assertThat(unsigned(eks, null)).isEqualTo("MissingAuthenticationTokenException");
      assertThat(unsigned(eks, "Bearer x")).isEqualTo("IncompleteSignatureException");
      assertThat(unsigned(eks, oldSignature())).isEqualTo("InvalidSignatureException");
      assertThat(eks.associations().describe(association.associationId()).tags().asMap()).isEmpty();
    }
  }

  @Test
  void withoutAKeyItReadsSignaturesAndDoesNotVerifyThem() throws Exception {
    try (var eks = LocalEks.start()) {
      assertThat(unsigned(eks, null)).isEmpty();
      assertThat(unsigned(eks, oldSignature())).isEmpty();
      assertThat(unsigned(eks, "Bearer x")).isEqualTo("IncompleteSignatureException");
    }
  }

  @Test
  void saysThatItHasNoSuchOperation() throws Exception {
    try (var eks = LocalEks.start()) {
      Http.Response answer = Http.get(eks.endpoint().resolve("/clusters/%25/nodegroups"), null);

      assertThat(answer.status()).isEqualTo(404);
      assertThat(answer.errorType()).isEqualTo("UnknownOperationException");
    }
  }

  private static void list(EksClient client) {
    client.listPodIdentityAssociations(r -> r.clusterName("my-cluster"));
  }

  private static String errorCode(EksClient client) {
    return catchThrowableOfType(AwsServiceException.class, () -> list(client))
        .awsErrorDetails()
        .errorCode();
  }

  private static String oldSignature() {
    return "AWS4-HMAC-SHA256 Credential=AKIA0LOCAL0RIGHT0000/20200101/us-west-2/eks/aws4_request, "
        + "SignedHeaders=host;x-amz-date, Signature="
        + "0".repeat(64);
  }

  private static String unsigned(LocalEks eks, @Nullable String authorization) throws IOException {
    return Http.get(
            eks.endpoint().resolve("/clusters/my-cluster/pod-identity-associations"), authorization)
        .errorType();
  }

  private static JsonNode get(URI uri) throws IOException {
    return JSON.readTree(Http.get(uri, null).body());
  }
}
