package dev.podidentity.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.LocalPod;
import dev.podidentity.token.JwksSettings;
import dev.podidentity.token.KeysUnavailableException;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("every-jdk")
class ApiServerTest {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");

  @TempDir private Path folder = Path.of("");
  private final LocalCluster cluster = LocalCluster.builder().build();

  private ApiServer find(FakeApiServer server) {
    return ApiServer.find(server.environment(), folder).orElseThrow();
  }

  private TokenVerifier verifier(FakeApiServer server) throws IOException {
    ApiServer api = find(server);
    return TokenVerifier.jwks(
        api.issuer(), api.keys(), cluster.clock(), Duration.ZERO, JwksSettings.defaults());
  }

  private ServiceAccountToken token(LocalCluster of) {
    LocalPod pod = of.startPod(ACCOUNT, "checkout-1");
    return ServiceAccountToken.parse(of.projectedToken(pod));
  }

  @Test
  void verifiesAPodsTokenWithTheKeysThatTheApiServerHas() throws Exception {
    try (var server = FakeApiServer.start(cluster, folder)) {
      TokenVerifier verifier = verifier(server);

      assertThatCode(() -> verifier.verify(token(cluster))).doesNotThrowAnyException();
      verifier.verify(token(cluster));

      assertThat(server.asked()).isEqualTo(1);
    }
  }

  @Test
  void showsTheTokenThatTheKubeletMountedLast() throws Exception {
    try (var server = FakeApiServer.start(cluster, folder)) {
      ApiServer api = find(server);
      api.keys().fetch();

      server.renewToken();

      assertThat(api.keys().fetch()).isEqualTo(cluster.jwks());
    }
  }

  @Test
  void trustsNobodyButTheCertificatesOfTheFolder() throws Exception {
    Path others = Files.createDirectory(folder.resolve("others"));
    try (var server = FakeApiServer.start(cluster, folder);
        var impostor = FakeApiServer.impostor(cluster, others)) {
      ApiServer api = ApiServer.find(impostor.environment(), folder).orElseThrow();

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> api.keys().fetch())
          .withMessageContaining("issued by 'CN=impostor', is not trusted")
          .withCauseInstanceOf(SSLException.class);
      assertThat(impostor.asked()).isZero();
      assertThat(server.asked()).isZero();
    }
  }

  @Test
  void refusesACertificateOfAnotherName() throws Exception {
    try (var server = FakeApiServer.start(cluster, folder, "dns:elsewhere.example")) {
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> find(server).keys().fetch());
      assertThat(server.asked()).isZero();
    }
  }

  @Test
  void knowsNothingOfATokenWhileTheApiServerIsAway() throws Exception {
    try (var server = FakeApiServer.start(cluster, folder)) {
      TokenVerifier verifier = verifier(server);
      server.behave(out -> FakeApiServer.answer(out, 503, "", "no"));

      assertThatExceptionOfType(KeysUnavailableException.class)
          .isThrownBy(() -> verifier.verify(token(cluster)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {201, 301, 302, 307, 401, 403, 404, 429, 500})
  void takesNothingFromAnotherStatus(int status) throws Exception {
    try (var server = FakeApiServer.start(cluster, folder)) {
      String location = "Location: /openid/v1/jwks\r\n";
      server.behave(out -> FakeApiServer.answer(out, status, location, cluster.jwks()));

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> find(server).keys().fetch())
          .withMessageContaining("answered " + status);
      assertThat(server.asked()).isEqualTo(1);
    }
  }

  @Test
  void readsNoMoreThanKeysNeed() throws Exception {
    try (var server = FakeApiServer.start(cluster, folder)) {
      server.behave(out -> FakeApiServer.answer(out, 200, "", " ".repeat(256 * 1024 + 1)));

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> find(server).keys().fetch())
          .withMessageContaining("larger than 262144 bytes");
    }
  }

  @Test
  void isKnownOnlyWhereAllOfItIs() throws Exception {
    try (var server = FakeApiServer.start(cluster, folder)) {
      assertThat(ApiServer.find(Map.of(), folder)).isEmpty();
      assertThat(ApiServer.find(server.environment(), folder.resolve("none"))).isEmpty();
      assertThat(ApiServer.find(Map.of("KUBERNETES_SERVICE_HOST", "a b"), folder)).isEmpty();
      assertThat(ApiServer.find(Map.of("KUBERNETES_SERVICE_HOST", "fd00::1"), folder))
          .map(ApiServer::uri)
          .contains(URI.create("https://[fd00::1]:443"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "two words", "a\r\nX: b"})
  void sendsNothingThatIsNoToken(String text) throws Exception {
    try (var server = FakeApiServer.start(cluster, folder)) {
      ApiServer api = find(server);
      Files.writeString(folder.resolve("token"), text);

      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> api.keys().fetch())
          .withMessageContaining("holds no service account token");
      assertThat(server.asked()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://api.example/keys",
        "http://10.0.0.1/keys",
        "http://localhost/keys",
        "ftp://127.0.0.1/keys",
        "keys"
      })
  void takesNoKeysThatAnybodyCouldHaveChanged(String uri) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JwksEndpoint.of(URI.create(uri), Optional.empty()))
        .withMessageContaining("https");
  }
}
