package dev.podidentity.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CredentialSourceChainTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final MovableClock clock = MovableClock.startingAt(NOW);
  private final ServiceAccountToken token = token();

  private ServiceAccountToken token() {
    var cluster = LocalCluster.builder().clock(clock).build();
    var pod = cluster.startPod(new ServiceAccountRef("default", "my-app"), "my-pod");
    return ServiceAccountToken.parse(cluster.projectedToken(pod));
  }

  private static CredentialSource answering(String keyId, Duration life) {
    return token ->
        TemporaryCredentials.builder()
            .accessKeyId(keyId)
            .secretAccessKey("secret")
            .sessionToken("session")
            .accountId("111122223333")
            .expiration(NOW.plus(life))
            .build();
  }

  private static CredentialSource failing(FailureReason reason) {
    return token -> {
      throw new CredentialException(reason, "it is " + reason);
    };
  }

  private CredentialSourceChain.Builder chain(CredentialSource first, CredentialSource second) {
    return CredentialSourceChain.builder()
        .clock(clock)
        .source("first", first)
        .source("second", second);
  }

  @Test
  void answersFromTheFirstSourceThatHasSome() {
    var chain =
        chain(failing(FailureReason.RESOURCE_NOT_FOUND), answering("second", Duration.ofHours(1)));

    assertThat(chain.build().fetch(token).accessKeyId()).isEqualTo("second");
  }

  @Test
  void passesOverASourceThatIsNotConcerned() {
    var chain =
        CredentialSourceChain.builder()
            .clock(clock)
            .source("first", failing(FailureReason.TIMED_OUT), unconcerned -> false)
            .source("second", failing(FailureReason.ACCESS_DENIED))
            .build();

    assertThatThrownBy(() -> chain.fetch(token))
        .hasMessageNotContaining("first")
        .asInstanceOf(type(CredentialException.class))
        .returns(FailureReason.ACCESS_DENIED, CredentialException::reason);
  }

  @Test
  void goesOnWhereASourceCannotSayWhetherItIsConcerned() {
    var chain =
        CredentialSourceChain.builder()
            .clock(clock)
            .source(
                "first",
                answering("first", Duration.ofHours(1)),
                unsure -> {
                  throw new IllegalStateException("for a test");
                })
            .source("second", answering("second", Duration.ofHours(1)))
            .build();

    assertThat(chain.fetch(token).accessKeyId()).isEqualTo("second");
  }

  @Test
  void hasNothingWhereNoSourceIsConcerned() {
    var chain =
        CredentialSourceChain.builder()
            .source("only", answering("only", Duration.ofHours(1)), unconcerned -> false)
            .build();

    assertThatThrownBy(() -> chain.fetch(token))
        .asInstanceOf(type(CredentialException.class))
        .returns(FailureReason.RESOURCE_NOT_FOUND, CredentialException::reason);
  }

  @Test
  void passesOverCredentialsThatAreAboutToExpire() {
    var chain =
        chain(answering("stale", Duration.ofMinutes(5)), answering("fresh", Duration.ofMinutes(6)));

    assertThat(chain.build().fetch(token).accessKeyId()).isEqualTo("fresh");
  }

  @Test
  void answersTheFirstThatExpireSoonWhereThatIsAllowed() {
    var chain =
        chain(answering("one", Duration.ofMinutes(1)), answering("two", Duration.ofMinutes(2)));

    assertThat(chain.allowExpiring(true).build().fetch(token).accessKeyId()).isEqualTo("one");
  }

  @Test
  void failsWithThoseThatExpireSoonWhereThatIsNotAllowed() {
    var chain =
        chain(answering("one", Duration.ofMinutes(1)), failing(FailureReason.ACCESS_DENIED));

    assertThatThrownBy(() -> chain.build().fetch(token))
        .asInstanceOf(type(CredentialException.class))
        .extracting(CredentialException::reason)
        .isEqualTo(FailureReason.SERVICE_UNAVAILABLE);
  }

  @Test
  void isFinalOnlyIfAllAre() {
    var mixed = chain(failing(FailureReason.ACCESS_DENIED), failing(FailureReason.THROTTLED));
    var allFinal =
        chain(failing(FailureReason.RESOURCE_NOT_FOUND), failing(FailureReason.ACCESS_DENIED));

    assertThatThrownBy(() -> mixed.build().fetch(token))
        .asInstanceOf(type(CredentialException.class))
        .extracting(CredentialException::reason)
        .isEqualTo(FailureReason.THROTTLED);
    assertThatThrownBy(() -> allFinal.build().fetch(token))
        .asInstanceOf(type(CredentialException.class))
        .extracting(CredentialException::reason)
        .isEqualTo(FailureReason.RESOURCE_NOT_FOUND);
  }

  @Test
  void neverAnswersWhatHasExpired() {
    var chain =
        chain(answering("one", Duration.ofSeconds(-1)), failing(FailureReason.SERVICE_UNAVAILABLE));

    assertThatThrownBy(() -> chain.allowExpiring(true).build().fetch(token))
        .hasMessageContaining("first: ServiceUnavailableException: Its credentials expired at ");
  }

  @Test
  void hasItsAnswersKeptByACacheOverIt() {
    var chain =
        chain(failing(FailureReason.RESOURCE_NOT_FOUND), answering("two", Duration.ofHours(1)));
    try (var cache = CachingCredentialSource.builder(chain.build()).clock(clock).build()) {
      assertThat(cache.accepted(token.value())).isEmpty();

      cache.fetch(token);

      assertThat(cache.accepted(token.value())).map(AcceptedToken::token).contains(token);
    }
  }

  @Test
  void saysWhatEachSourceSaid() {
    var chain =
        chain(
            failing(FailureReason.ACCESS_DENIED),
            token -> {
              throw new IllegalStateException("unforeseen");
            });

    assertThatThrownBy(() -> chain.build().fetch(token))
        .hasMessageContaining("first: AccessDeniedException: it is ACCESS_DENIED")
        .hasMessageContaining("second: InternalFailureException");
  }
}
