package dev.podidentity.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import dev.podidentity.association.RoleArn;
import dev.podidentity.awssdk.eksauth.NodeCredentials;
import dev.podidentity.imds.InstanceMetadataCredentialSource;
import dev.podidentity.kubernetes.ApiServer;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets that are not a pod's: what a local cluster signs with, and what an agent asks others
 * with. None is in a log line, an exception, a {@code toString}, an answer or a file that is not
 * its own.
 */
class SecretsOfANodeTest {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("default", "my-app");
  private static final String CANARY = "CanaryOfTheNode";

  @TempDir private Path folder = Path.of("");
  private final CapturedLog logged = new CapturedLog();
  private final List<String> shown = new ArrayList<>();

  @AfterEach
  void stop() {
    logged.close();
  }

  @Test
  void keepsTheSigningKeysOfALocalClusterInMemory() throws Exception {
    try (var eks =
        LocalEks.builder()
            .dataDir(folder.resolve("data"))
            .accessKey("AKIA0LOCAL0NODE00000", CANARY)
            .start()) {
      LocalCluster cluster = eks.cluster();
      cluster.rotateKeys();
      eks.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/r"));
      var pod = eks.startPod(ACCOUNT, "my-pod");
      cluster.kubelet(folder.resolve("tokens")).mount(pod.pod());
      shown.add(cluster.jwks());
      shown.add(String.valueOf(cluster.explain("no.token.at.all")));
      for (String path : List.of("/openid/v1/jwks", "/.well-known/openid-configuration", "/x")) {
        shown.add(get(eks, path));
      }
      addObjects(eks, cluster, pod);
      addFiles();
      List<RSAKey> keys = ReachableObjects.heldBy(RSAKey.class, cluster);

      assertThat(keys).hasSize(2);
      assertThat(shown).anyMatch(text -> text.contains("\"kty\":\"RSA\""));
      assertNowhere(keys.stream().flatMap(SecretsOfANodeTest::secrets).toList());
      assertNowhere(List.of(CANARY));
    }
  }

  private static Stream<String> secrets(RSAKey key) {
    return Stream.of(
            key.getPrivateExponent(),
            key.getFirstPrimeFactor(),
            key.getSecondPrimeFactor(),
            key.getFirstFactorCRTExponent(),
            key.getSecondFactorCRTExponent(),
            key.getFirstCRTCoefficient())
        .flatMap(SecretsOfANodeTest::written);
  }

  // As JSON has it, as a number, and as bytes.
  private static Stream<String> written(Base64URL part) {
    return Stream.of(
        part.toString(),
        part.decodeToBigInteger().toString(),
        new String(part.decode(), ISO_8859_1));
  }

  private static String get(LocalEks eks, String path) throws IOException {
    var address = new InetSocketAddress(eks.endpoint().getHost(), eks.endpoint().getPort());
    return RawHttp.exchange(address, "GET " + path + " HTTP/1.1", "Host: 127.0.0.1").body();
  }

  @Test
  void showsTheTokenOfTheAgentToTheApiServerAlone() throws Exception {
    var cluster = LocalCluster.builder().build();
    String own = cluster.unboundToken(new ServiceAccountRef("kube-system", "agent"));
    Files.writeString(folder.resolve("token"), own);
    Files.writeString(folder.resolve("ca.crt"), "no certificate");
    ApiServer api =
        ApiServer.find(
                Map.of("KUBERNETES_SERVICE_HOST", "127.0.0.1", "KUBERNETES_SERVICE_PORT", nobody()),
                folder)
            .orElseThrow();
    addFailure(() -> api.keys().fetch());
    addFailure(
        () ->
            TokenVerifier.jwks(api.issuer(), api.keys(), Clock.systemUTC(), Duration.ZERO)
                .verify(ServiceAccountToken.parse(podToken(cluster))));
    Files.writeString(folder.resolve("token"), own + " and " + own);
    addFailure(api::token);
    addObjects(api, api.keys());

    assertNowhere(List.of(own, own.substring(own.lastIndexOf('.') + 1)));
  }

  @Test
  void namesNothingOfTheFileThatTheNodesKeysAreIn() throws Exception {
    Path file = folder.resolve("credentials");
    var keys = NodeCredentials.rotatedFile(file, "default", Clock.systemUTC());
    for (String text :
        List.of(
            "[default]\naws_access_key_id = AKIA\naws_secret_access_key = " + CANARY + "\n",
            "[default]\naws_secret_access_key = " + CANARY + "\n",
            "aws_secret_access_key = " + CANARY,
            "[default]\n" + CANARY + "\n[" + CANARY,
            "\0" + CANARY)) {
      Files.writeString(file, text);
      Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
      addFailure(() -> keys.resolveCredentials());
      addFailure(
          () ->
              NodeCredentials.rotatedFile(file, "default", Clock.systemUTC()).resolveCredentials());
      addObjects(keys);
    }
    keys.close();

    assertNowhere(List.of(CANARY));
  }

  @Test
  void namesNothingThatTheInstanceMetadataGave() throws Exception {
    var cluster = LocalCluster.builder().build();
    var token = ServiceAccountToken.parse(podToken(cluster));
    String uid = token.pod().orElseThrow().uid();
    var verifier =
        TokenVerifier.jwks(
            cluster.issuer(), cluster::jwks, Clock.systemUTC(), Duration.ofMinutes(1));
    try (var service = new HostileUpstream()) {
      service.answers(wire -> wire.json(200, metadata(wire.request(), uid)));
      var source =
          InstanceMetadataCredentialSource.of(verifier, service.endpoint(), Ticker.system());
      source.refresh();
      var credentials = source.fetch(token);
      service.answers(wire -> wire.json(200, "{\"" + CANARY + "\":"));
      addFailure(() -> source.fetch(token));
      source.refresh();
      addObjects(source, credentials);

      assertThat(credentials.secretAccessKey()).isEqualTo(CANARY);
      assertNowhere(List.of(CANARY));
    }
  }

  private static String metadata(String request, String uid) {
    if (request.contains("/latest/api/token")) {
      return CANARY;
    }
    if (request.contains("/latest/meta-data/ ")) {
      return "iam-eks-0/";
    }
    return request.contains("/info ")
        ? "{\"" + uid + "\":\"Success\"}"
        : """
        {"AccessKeyId":"ASIA0LOCAL0METADATA0","SecretAccessKey":"%1$s","Token":"%1$s",\
        "AccountId":"111122223333","Expiration":"9999-01-01T00:00:00Z"}\
        """
            .formatted(CANARY);
  }

  private static String podToken(LocalCluster cluster) {
    return cluster.projectedToken(cluster.startPod(ACCOUNT, "my-pod"));
  }

  private static String nobody() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return Integer.toString(socket.getLocalPort());
    }
  }

  private void addFailure(ThrowingCallable call) {
    Throwable failure = catchThrowable(call);
    if (failure != null) {
      var text = new StringWriter();
      failure.printStackTrace(new PrintWriter(text));
      shown.add(text.toString());
    }
  }

  private void addObjects(Object... roots) throws IllegalAccessException {
    for (Object object : ReachableObjects.from(roots)) {
      shown.add(object.getClass() + " " + object);
    }
  }

  private void addFiles() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        shown.add(file + " " + new String(Files.readAllBytes(file), ISO_8859_1));
      }
    }
  }

  private void assertNowhere(List<String> secrets) {
    shown.addAll(logged.lines());
    assertThat(shown).isNotEmpty();
    for (String text : shown) {
      for (String secret : secrets) {
        assertThat(text.contains(secret)).describedAs("%.40s", text).isFalse();
      }
    }
  }
}
