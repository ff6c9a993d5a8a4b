package dev.podidentity.imds;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.schedule.ClockTicker;
import dev.podidentity.token.KeysUnavailableException;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("every-jdk")
class InstanceMetadataCredentialSourceTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");
  private static final String FOLDER = "iam-eks-7";

  /** Making keys takes long: all tests are in one cluster. */
  private static final LocalCluster CLUSTER =
      LocalCluster.builder().clock(Clock.fixed(NOW, ZoneOffset.UTC)).build();

  private final MovableClock clock = MovableClock.startingAt(NOW);
  private final ServiceAccountToken token = tokenOf(CLUSTER);
  private final String uid = token.pod().orElseThrow().uid();
  private final FakeMetadata metadata;
  private final InstanceMetadataCredentialSource source;

  InstanceMetadataCredentialSourceTest() throws IOException {
    metadata = FakeMetadata.start();
    source = InstanceMetadataCredentialSource.of(verifier(), metadata.uri(), ClockTicker.of(clock));
  }

  @AfterEach
  void stop() throws IOException {
    metadata.close();
  }

  private static ServiceAccountToken tokenOf(LocalCluster cluster) {
    return ServiceAccountToken.parse(
        cluster.projectedToken(cluster.startPod(ACCOUNT, "checkout-1")));
  }

  private static TokenVerifier verifier() {
    return TokenVerifier.jwks(CLUSTER.issuer(), CLUSTER::jwks, CLUSTER.clock(), Duration.ZERO);
  }

  private void offer() {
    metadata.offer(FOLDER, uid, "ASIA0LOCAL0METADATA0", NOW.plusSeconds(3600));
  }

  private FailureReason failure(ServiceAccountToken of) {
    var failure = new CredentialException[1];
    assertThatExceptionOfType(CredentialException.class)
        .isThrownBy(() -> source.fetch(of))
        .satisfies(e -> failure[0] = e)
        .satisfies(e -> assertThat(e).hasMessageNotContaining("LocalSecret"));
    return failure[0].reason();
  }

  @Test
  void handsOutWhatTheServiceHasForAPod() {
    offer();
    source.refresh();

    assertThat(source.offers(token)).isTrue();
    var credentials = source.fetch(token);
    assertThat(credentials.accessKeyId()).isEqualTo("ASIA0LOCAL0METADATA0");
    assertThat(credentials.accountId()).isEqualTo("111122223333");
    assertThat(credentials.issuer()).contains("instance metadata");
    assertThat(credentials.expiration()).isEqualTo(NOW.plusSeconds(3600));
  }

  @Test
  void readsTheMapWithoutAnObjectAroundIt() {
    offer();
    metadata.put(FOLDER + "/info", "{\"" + uid + "\":\"Success\"}");
    source.refresh();

    assertThat(source.offers(token)).isTrue();
  }

  @Test
  void isNotAskedForAPodThatAForgedTokenClaims() {
    LocalCluster others = LocalCluster.builder().clock(CLUSTER.clock()).build();
    ServiceAccountToken forged = tokenOf(others);
    metadata.offer(
        FOLDER, forged.pod().orElseThrow().uid(), "ASIA0LOCAL0METADATA0", NOW.plusSeconds(3600));
    source.refresh();
    int before = metadata.requests().size();

    assertThat(source.offers(forged)).isFalse();
    assertThat(failure(forged)).isEqualTo(FailureReason.INVALID_TOKEN);
    assertThat(metadata.requests()).hasSize(before);
  }

  @Test
  void isNotAskedWhileTokensCannotBeVerified() {
    TokenVerifier away =
        unverified -> {
          throw new KeysUnavailableException("for a test", null);
        };
    var blind = InstanceMetadataCredentialSource.of(away, metadata.uri(), ClockTicker.of(clock));
    offer();
    blind.refresh();
    int before = metadata.requests().size();

    assertThat(blind.offers(token)).isFalse();
    assertThatExceptionOfType(CredentialException.class).isThrownBy(() -> blind.fetch(token));
    assertThat(metadata.requests()).hasSize(before);
  }

  @Test
  void offersNothingBeforeItHasLooked() {
    offer();

    assertThat(source.offers(token)).isFalse();
    assertThat(failure(token)).isEqualTo(FailureReason.RESOURCE_NOT_FOUND);
    assertThat(metadata.requests()).isEmpty();
  }

  @Test
  void followsAPodToAnotherFolder() {
    offer();
    source.refresh();
    metadata.remove(FOLDER + "/security-credentials/" + uid);
    assertThat(failure(token)).isEqualTo(FailureReason.SERVICE_UNAVAILABLE);

    metadata.offer("iam-eks-8", uid, "ASIA0LOCAL0METADATA1", NOW.plusSeconds(3600));
    source.refresh();

    assertThat(source.fetch(token).accessKeyId()).isEqualTo("ASIA0LOCAL0METADATA1");
  }

  @Test
  void keepsWhatItKnowsWhileTheServiceIsAway() throws IOException {
    offer();
    source.refresh();
    metadata.remove("");
    source.refresh();
    assertThat(source.offers(token)).isTrue();

    metadata.close();
    source.refresh();

    assertThat(source.offers(token)).isTrue();
    assertThat(failure(token)).isEqualTo(FailureReason.UNREACHABLE);
  }

  @Test
  void beginsASessionAnewWhenItsOwnHasEnded() {
    offer();
    source.refresh();
    metadata.endSessions();

    assertThat(source.fetch(token).accessKeyId()).isEqualTo("ASIA0LOCAL0METADATA0");
  }

  @Test
  void readsNoMoreThan20TimesASecond() {
    offer();
    source.refresh();
    int left = 20 - metadata.requests().size();
    for (int i = 0; i < left; i++) {
      source.fetch(token);
    }

    assertThat(failure(token)).isEqualTo(FailureReason.UNREACHABLE);
    assertThat(metadata.requests()).hasSize(20);

    clock.advance(Duration.ofSeconds(1));
    assertThat(source.fetch(token).accessKeyId()).isEqualTo("ASIA0LOCAL0METADATA0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "null",
        "{",
        "{\"AccessKeyId\":1}",
        "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"LocalSecret/x\",\"Token\":\"t\"}",
        "{\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"LocalSecret/x\",\"Token\":\"t\","
            + "\"AccountId\":\"1\",\"Expiration\":\"soon\"}",
        "{\"AccessKeyId\":\"A\",\"AccessKeyId\":\"B\"}"
      })
  void handsOutNothingThatIsNotWholeCredentials(String body) {
    offer();
    metadata.put(FOLDER + "/security-credentials/" + uid, body);
    source.refresh();

    assertThat(failure(token)).isEqualTo(FailureReason.INVALID_ANSWER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "{\"PodCredentials\":[]}",
        "{\"PodCredentials\":{\"UID\":7}}",
        "{\"PodCredentials\":{\"UID\":{\"Code\":\"Failed\"}}}",
        "{\"PodCredentials\":{\"UID\":{\"Code\":[\"Success\"]}}}",
        "{\"UID/../other\":\"Success\"}"
      })
  void knowsOfNoPodFromAMapThatIsNone(String info) {
    offer();
    metadata.put(FOLDER + "/info", info.replace("UID", uid));
    source.refresh();

    assertThat(source.offers(token)).isFalse();
  }

  @Test
  void spendsSomeSecondsOnFoldersAndNotOneForEach() {
    offer();
    source.refresh();
    // Every look at the ticker is a second later, as if each read took its time.
    var ticks = new AtomicLong();
    var patient =
        InstanceMetadataCredentialSource.of(
            verifier(), metadata.uri(), () -> ticks.addAndGet(Duration.ofSeconds(1).toNanos()));
    metadata.put("", IntStream.range(0, 50).mapToObj(n -> "iam-eks-" + n).collect(joining("\n")));
    int before = metadata.requests().size();

    patient.refresh();

    assertThat(metadata.requests().size() - before).isBetween(3, 10);
    assertThat(patient.offers(token)).isFalse();
  }

  @Test
  void readsNoMoreThanAMapNeeds() {
    offer();
    metadata.put(FOLDER + "/info", "{\"" + "x".repeat(MetadataReads.MAX_BYTES) + "\":1}");
    source.refresh();

    assertThat(source.offers(token)).isFalse();
  }
}
