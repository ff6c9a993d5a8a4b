package dev.podidentity.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.podidentity.local.MovableClock;
import dev.podidentity.schedule.ManualScheduler;
import dev.podidentity.token.InvalidTokenException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Tag("every-jdk")
class JwksTokenVerifierTest {
  private final MovableClock clock = MovableClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final SigningCluster cluster = new SigningCluster(clock);
  private final ManualScheduler time = new ManualScheduler(clock);

  private final Path directory;

  JwksTokenVerifierTest(@TempDir Path directory) {
    this.directory = directory;
  }

  private TokenVerifier verifier(JwksSettings settings) {
    return TokenVerifier.jwks(
        SigningCluster.ISSUER, cluster, clock, time, Duration.ofMinutes(1), settings);
  }

  private TokenVerifier verifier() {
    return verifier(JwksSettings.defaults());
  }

  private TokenVerifier verifierWithFile() {
    return verifier(JwksSettings.builder().file(file()).build());
  }

  private Path file() {
    return directory.resolve("jwks.json");
  }

  private static void assertRefused(
      TokenVerifier verifier, ServiceAccountToken token, Reason reason) {
    assertThatThrownBy(() -> verifier.verify(token))
        .asInstanceOf(type(InvalidTokenException.class))
        .extracting(InvalidTokenException::reason)
        .isEqualTo(reason);
  }

  private static void assertUndecided(TokenVerifier verifier, ServiceAccountToken token) {
    assertThatThrownBy(() -> verifier.verify(token)).isInstanceOf(KeysUnavailableException.class);
  }

  private static void assertAccepted(TokenVerifier verifier, ServiceAccountToken token) {
    assertThatCode(() -> verifier.verify(token)).doesNotThrowAnyException();
  }

  @Test
  void warnsOnceThatTheKeysAreAwayAndSaysWhenTheyAreBack() {
    Logger logger = (Logger) LoggerFactory.getLogger(FetchedKeys.class);
    var logged = new ListAppender<ILoggingEvent>();
    logged.start();
    logger.addAppender(logged);
    try {
      TokenVerifier verifier = verifier();
      cluster.goAway();
      for (int i = 0; i < 5; i++) {
        assertUndecided(verifier, cluster.token());
        time.advance(Duration.ofMinutes(1));
      }
      assertThat(logged.list)
          .singleElement()
          .satisfies(
              line ->
                  assertThat(line.getKeyValuePairs().get(0).value).isEqualTo("connection refused"));
      cluster.comeBack();
      assertAccepted(verifier, cluster.token());

      assertThat(logged.list).hasSize(2);
    } finally {
      logger.detachAppender(logged);
    }
  }

  @Test
  void fetchesTheKeysOnceForManyTokens() {
    TokenVerifier verifier = verifier();
    for (int i = 0; i < 5; i++) {
      verifier.verify(cluster.token());
    }

    assertThat(cluster.fetches()).isEqualTo(1);
  }

  @Test
  void fetchesTheKeysAgainWhenTheyAreOld() {
    TokenVerifier verifier = verifier();
    verifier.verify(cluster.token());
    time.advance(Duration.ofMinutes(6));
    verifier.verify(cluster.token());

    assertThat(cluster.fetches()).isEqualTo(2);
  }

  @Test
  void fetchesTheKeysAgainThoughTheClockWasSetBack() {
    TokenVerifier verifier = verifier();
    verifier.verify(cluster.token());
    clock.advance(Duration.ofHours(-10));
    time.advance(Duration.ofMinutes(6));
    cluster.rotateKey();

    assertAccepted(verifier, cluster.token());
    assertThat(cluster.fetches()).isEqualTo(2);
  }

  @Test
  void acceptsATokenOfANewKeyAtOnce() {
    TokenVerifier verifier = verifier();
    verifier.verify(cluster.token());
    cluster.rotateKey();

    assertAccepted(verifier, cluster.token());
  }

  @Test
  void refusesATokenOfARetiredKeyOnceTheKeysAreOld() {
    TokenVerifier verifier = verifier();
    ServiceAccountToken old = cluster.token();
    verifier.verify(old);
    cluster.rotateKey();
    cluster.retireOldestKey();
    time.advance(Duration.ofMinutes(6));

    assertRefused(verifier, old, Reason.BAD_SIGNATURE);
  }

  @Test
  void doesNotFetchForEveryUnknownKey() {
    TokenVerifier verifier = verifier();
    verifier.verify(cluster.token());
    RSAKey unknown = cluster.newKey("unknown", JWSAlgorithm.RS256);
    ServiceAccountToken forged = cluster.signed(JWSAlgorithm.RS256, unknown, SigningCluster.FULL);
    assertRefused(verifier, forged, Reason.BAD_SIGNATURE);
    for (int i = 0; i < 20; i++) {
      assertUndecided(verifier, forged);
    }

    assertThat(cluster.fetches()).isEqualTo(2);
    assertAccepted(verifier, cluster.token());
  }

  @Test
  void refusesSymmetricAlgorithmsAndNone() {
    assertRefused(verifier(), cluster.signedWithHmac(), Reason.BAD_SIGNATURE);
    assertRefused(verifier(), cluster.unsigned(), Reason.BAD_SIGNATURE);
  }

  @Test
  void refusesAnotherAlgorithmThanTheKeys() {
    var token = cluster.signed(JWSAlgorithm.RS512, cluster.newestKey(), SigningCluster.FULL);

    assertRefused(verifier(), token, Reason.BAD_SIGNATURE);
  }

  @Test
  void usesAnRsaKeyThatNamesNoAlgorithmWithRs256Alone() {
    cluster.publish(cluster.newKey("vague", null));

    assertAccepted(verifier(), cluster.token());
    assertThatThrownBy(
            () ->
                verifier()
                    .verify(
                        cluster.signed(
                            JWSAlgorithm.RS512, cluster.newestKey(), SigningCluster.FULL)))
        .hasMessageContaining("the cluster's key 'vague' is used with RS256");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'kty': 'EC', 'crv': 'P-999', 'kid': 'strange', 'x': 'AA', 'y': 'AA'}",
        "{'kty': 'RSA', 'kid': 'strange', 'n': 'AQAB', 'e': 'AQAB', 'x5c': ['not base64!']}",
        "{'kid': 'strange', 'n': 'AQAB', 'e': 'AQAB'}",
        "{'kty': 'RSA', 'kid': 'strange', 'n': 'AQAB', 'e': 'AQAB', 'use': 'sig',"
            + " 'key_ops': ['encrypt']}",
        "{'kty': 'NEW', 'kid': 'strange'}",
        "{'kty': 5, 'kid': 'strange'}"
      })
  void keepsTheOtherKeysOfASetWithOneThatIsNotUnderstood(String strange) {
    cluster.publishUnread(strange.replace('\'', '"'));

    assertAccepted(verifier(), cluster.token());
    assertThatThrownBy(() -> verifier().verify(cluster.tokenOf("strange")))
        .hasMessageContaining("the cluster's key 'strange' is not understood");
  }

  @Test
  void keepsTheOtherKeysOfASetWithOneThatIsNoObject() {
    cluster.publishUnread("\"key\"");

    assertAccepted(verifier(), cluster.token());
  }

  @Test
  void isUndecidedWhereNoKeyIsUnderstood() {
    cluster.retireOldestKey();
    cluster.publishUnread("{\"kty\": \"NEW\", \"kid\": \"strange\"}");

    assertUndecided(verifier(), cluster.tokenOf("strange"));
  }

  @ParameterizedTest
  @CsvSource({"P-256, ES256", "P-384, ES384", "P-521, ES512"})
  void usesAnEcKeyThatNamesNoAlgorithmWithThatOfItsCurve(String curve, String algorithm)
      throws Exception {
    ECKey key = new ECKeyGenerator(Curve.parse(curve)).keyID("curve").generate();
    cluster.publishUnread(key.toPublicJWK().toJSONString());

    assertAccepted(verifier(), cluster.signed(JWSAlgorithm.parse(algorithm), key));
  }

  @Test
  void refusesASignatureByAnotherKeyWithTheSameId() {
    RSAKey impostor = cluster.newKey(cluster.newestKey().getKeyID(), JWSAlgorithm.RS256);
    var token = cluster.signed(JWSAlgorithm.RS256, impostor, SigningCluster.FULL);

    assertRefused(verifier(), token, Reason.BAD_SIGNATURE);
  }

  @Test
  void refusesATokenWithoutAllKubernetesClaims() {
    String account = "\"serviceaccount\":{\"name\":\"my-app\",\"uid\":\"u\"}";
    String pod = "\"pod\":{\"name\":\"my-pod\",\"uid\":\"u\"}";
    for (String claims :
        new String[] {
          "\"x\":1",
          "\"kubernetes.io\":{\"namespace\":\"default\"," + account + "}",
          "\"kubernetes.io\":{\"namespace\":\"default\","
              + pod
              + ",\"serviceaccount\":{\"name\":\"my-app\"}}"
        }) {
      var token = cluster.signed(JWSAlgorithm.RS256, cluster.newestKey(), claims);

      assertRefused(verifier(), token, Reason.MALFORMED);
    }
  }

  @Test
  void isUndecidedWhenTheKeysWereNeverHad() {
    cluster.goAway();

    assertUndecided(verifier(), cluster.token());
  }

  @Test
  void verifiesThroughAnOutageFromMemory() {
    TokenVerifier verifier = verifier();
    verifier.verify(cluster.token());
    cluster.goAway();
    time.advance(Duration.ofHours(20));

    assertAccepted(verifier, cluster.token());
  }

  @Test
  void endsItsToleranceOfAnOutage() {
    TokenVerifier verifier = verifierWithFile();
    verifier.verify(cluster.token());
    cluster.goAway();
    time.advance(Duration.ofHours(23));
    assertAccepted(verifier, cluster.token());
    time.advance(Duration.ofHours(2));

    assertUndecided(verifier, cluster.token());
  }

  @Test
  void verifiesAfterARestartDuringAnOutageFromDisk() {
    verifierWithFile().verify(cluster.token());
    cluster.goAway();
    time.advance(Duration.ofHours(3));

    assertAccepted(verifierWithFile(), cluster.token());
  }

  @Test
  void isUndecidedAfterARestartDuringAnOutageWithoutAFile() {
    verifier().verify(cluster.token());
    cluster.goAway();

    assertUndecided(verifier(), cluster.token());
  }

  @Test
  void keepsTheFileForItsOwnerAlone() throws IOException {
    verifierWithFile().verify(cluster.token());

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    try (var files = Files.list(directory)) {
      assertThat(files).as("no half written file").containsExactly(file());
    }
  }

  @Test
  void replacesTheFileWhenTheKeysChange() throws IOException {
    Files.writeString(file(), "left by a crash");
    TokenVerifier verifier = verifierWithFile();
    verifier.verify(cluster.token());
    cluster.rotateKey();
    verifier.verify(cluster.token());

    assertThat(Files.readString(file())).isEqualTo(cluster.publicKeys());
  }

  @Test
  void doesNotReadAFileThatOthersCanWrite() throws IOException {
    verifierWithFile().verify(cluster.token());
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-rw----"));
    cluster.goAway();

    assertUndecided(verifierWithFile(), cluster.token());
  }

  @Test
  void doesNotFollowALinkToTheKeys() throws IOException {
    verifierWithFile().verify(cluster.token());
    Path target = Files.move(file(), directory.resolve("elsewhere"));
    Files.createSymbolicLink(file(), target);
    cluster.goAway();

    assertUndecided(verifierWithFile(), cluster.token());
  }

  @Test
  void isUndecidedWhenTheFileIsDamaged() throws IOException {
    verifierWithFile().verify(cluster.token());
    Files.writeString(file(), "{\"keys\":[");
    cluster.goAway();

    assertUndecided(verifierWithFile(), cluster.token());
  }

  @Test
  void verifiesAlthoughTheKeysCannotBeWrittenDown() {
    Path nowhere = directory.resolve("no-such-directory").resolve("jwks.json");
    TokenVerifier verifier = verifier(JwksSettings.builder().file(nowhere).build());

    assertAccepted(verifier, cluster.token());
  }
}
