package dev.podidentity.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.podidentity.fuzz.Mutations;
import dev.podidentity.local.MovableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever is sent as a token, or served as keys, ends as its documentation says. */
class TokenFuzzTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Mutations TOKENS = Mutations.of("token");
  private static final Mutations CLAIMS = Mutations.of("claims");
  private static final Mutations KEYS = Mutations.of("jwks");

  private static final ServiceAccountToken SIGNED =
      new SigningCluster(MovableClock.startingAt(NOW)).token();

  @Property
  void readsTextOrRefusesIt(@ForAll long number) {
    read(TOKENS.text(number));
  }

  @Property
  void readsClaimsOrRefusesThem(@ForAll long number) {
    read(
        encode("{\"alg\":\"RS256\"}".getBytes(UTF_8))
            + "."
            + encode(CLAIMS.bytes(number))
            + ".c2ln");
  }

  @Property
  void readsHeadersOrRefusesThem(@ForAll long number) {
    read(encode(CLAIMS.bytes(number)) + "." + encode(CLAIMS.bytes(0)) + ".c2ln");
  }

  @Property
  void acceptsNothingWithKeysThatAreNotTheClusters(@ForAll long number) {
    var verifier =
        TokenVerifier.jwks(
            SigningCluster.ISSUER,
            () -> KEYS.text(number),
            MovableClock.startingAt(NOW),
            Duration.ofMinutes(1));
    assertThat(catchThrowable(() -> verifier.verify(SIGNED)))
        .isInstanceOfAny(InvalidTokenException.class, KeysUnavailableException.class);
  }

  private static void read(String text) {
    try {
      ServiceAccountToken token = ServiceAccountToken.parse(text);
      assertThat(token.value()).isEqualTo(text);
      assertThat(token.toString()).doesNotContain(text);
      assertThat(token).isEqualTo(ServiceAccountToken.parse(text));
      token.requireValidAt(NOW, Duration.ofMinutes(1));
    } catch (InvalidTokenException e) {
      if (text.length() > 40) {
        assertThat(e.getMessage()).doesNotContain(text);
      }
    }
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
