package dev.podidentity.association;

import static dev.podidentity.association.AssociationFixtures.ACCOUNT;
import static dev.podidentity.association.AssociationFixtures.CLUSTER;
import static dev.podidentity.association.AssociationFixtures.NOW;
import static dev.podidentity.association.AssociationFixtures.ROLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.TokenVerifier;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class AssociationExplainerTest {
  private static final String AUDIENCE = "pods.eks.amazonaws.com";

  private final AssociationStore store = AssociationStore.inMemory(CLUSTER);
  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final AssociationExplainer explainer =
      AssociationExplainer.of(
          store, token -> token.requireValidAt(NOW, Duration.ofMinutes(1)), clock);

  @Test
  void namesTheAssociationThatMatches() {
    var association = store.create(ACCOUNT, ROLE);

    Explanation explanation = explainer.explain(token(ACCOUNT, AUDIENCE, Duration.ofHours(1)));

    assertThat(explanation.isMatch()).isTrue();
    assertThat(explanation.match()).contains(association);
    assertThat(explanation.message()).contains(ROLE.toString(), association.associationId());
  }

  @Test
  void givesEveryReasonAtOnce() {
    Explanation explanation =
        explainer.explain(token(ACCOUNT, "sts.amazonaws.com", Duration.ofHours(-1)));

    assertThat(explanation.isMatch()).isFalse();
    assertThat(explanation.mismatches())
        .containsExactly(
            new Mismatch.WrongAudience(List.of("sts.amazonaws.com")),
            new Mismatch.Expired(NOW.minus(Duration.ofHours(1))),
            new Mismatch.NoAssociation("shop/checkout", "my-cluster"));
  }

  @Test
  void knowsATokenThatIsNotValidYet() {
    store.create(ACCOUNT, ROLE);
    Instant start = NOW.plusSeconds(600);

    Explanation explanation =
        explainer.explain(token(ACCOUNT, AUDIENCE, start, start.plusSeconds(600)));

    assertThat(explanation.mismatches()).containsExactly(new Mismatch.NotYetValid(start));
  }

  @Test
  void leavesToTheVerifierHowFarClocksMayBeApart() {
    store.create(ACCOUNT, ROLE);
    String justExpired = token(ACCOUNT, AUDIENCE, Duration.ofSeconds(-59));
    String expired = token(ACCOUNT, AUDIENCE, Duration.ofMinutes(-1));

    assertThat(explainer.explain(justExpired).isMatch()).isTrue();
    assertThat(explainer.explain(expired).mismatches())
        .containsExactly(new Mismatch.Expired(NOW.minusSeconds(60)));
    AssociationExplainer strict =
        AssociationExplainer.of(store, t -> t.requireValidAt(NOW, Duration.ZERO), clock);
    assertThat(strict.explain(justExpired).mismatches())
        .containsExactly(new Mismatch.Expired(NOW.minusSeconds(59)));
  }

  @Test
  void ignoresTheNewlineThatIsPastedWithAToken() {
    store.create(ACCOUNT, ROLE);

    assertThat(explainer.explain(token(ACCOUNT, AUDIENCE, Duration.ofHours(1)) + "\r\n").isMatch())
        .isTrue();
  }

  @Test
  void pointsAtServiceAccountsThatAreNamedAlmostTheSame() {
    var elsewhere = store.create(new ServiceAccountRef("shop-staging", "checkout"), ROLE);
    var mistyped = store.create(new ServiceAccountRef("shop", "chekcout"), ROLE);
    store.create(new ServiceAccountRef("shop", "warehouse"), ROLE);

    Explanation explanation = explainer.explain(token(ACCOUNT, AUDIENCE, Duration.ofHours(1)));

    assertThat(explanation.mismatches())
        .contains(
            new Mismatch.SimilarServiceAccount("shop-staging/checkout", elsewhere.associationId()),
            new Mismatch.SimilarServiceAccount("shop/chekcout", mistyped.associationId()))
        .hasSize(3);
  }

  @Test
  void tellsATokenThatAnotherClusterSigned() {
    store.create(ACCOUNT, ROLE);
    TokenVerifier refusing =
        token -> {
          throw new InvalidTokenException(InvalidTokenException.Reason.BAD_SIGNATURE, "not ours");
        };

    Explanation explanation =
        AssociationExplainer.of(store, refusing, clock)
            .explain(token(ACCOUNT, AUDIENCE, Duration.ofHours(1)));

    assertThat(explanation.mismatches()).containsExactly(new Mismatch.NotGenuine("not ours"));
    assertThat(explanation.isMatch()).isFalse();
  }

  @Test
  void explainsWhatIsNoTokenWithoutRepeatingIt() {
    Explanation explanation = explainer.explain("s3cret-but-no-token");

    assertThat(explanation.mismatches()).hasSize(1);
    assertThat(explanation.message()).doesNotContain("s3cret");
  }

  private static String token(ServiceAccountRef account, String audience, Duration left) {
    return token(account, audience, NOW.minus(Duration.ofDays(1)), NOW.plus(left));
  }

  private static String token(
      ServiceAccountRef account, String audience, Instant start, Instant end) {
    String claims =
        "{\"iss\":\"https://issuer\",\"sub\":\"system:serviceaccount:%s:%s\",\"aud\":[\"%s\"],\"iat\":%d,\"nbf\":%d,\"exp\":%d}"
            .formatted(
                account.namespace(),
                account.name(),
                audience,
                start.getEpochSecond(),
                start.getEpochSecond(),
                end.getEpochSecond());
    return base64("{\"alg\":\"RS256\"}") + "." + base64(claims) + "." + base64("signature");
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
