package dev.podidentity.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.KeysUnavailableException;
import dev.podidentity.token.ServiceAccountToken;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AfterTry;

/** Tokens that nobody thought of, at an agent that holds the credentials of the pod they mean. */
class HostileTokenPropertiesTest {
  private static final List<String> SIGNATURES =
      List.of(
          "genuine",
          "other",
          "of-another-payload",
          "random",
          "zeros",
          "hmac-der",
          "hmac-pem",
          "hmac-jwk",
          "hmac-modulus",
          "empty");

  private static final BesiegedAgent besieged = start();
  private static final String GENUINE = besieged.forge.genuine(BesiegedAgent.VICTIM);

  private static BesiegedAgent start() {
    try {
      return new BesiegedAgent();
    } catch (ListenException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterContainer
  static void stop() {
    besieged.close();
  }

  @AfterTry
  void nothingHasHappened() {
    besieged.assertThatTheVictimIsUnharmed();
  }

  /** A change of a text: so many characters out at a place, and others in. */
  record Edit(int place, int out, String in) {
    String of(String text) {
      int from = Math.floorMod(place, text.length() + 1);
      int to = Math.min(text.length(), from + out);
      return text.substring(0, from) + in + text.substring(to);
    }
  }

  @Provide
  Arbitrary<Edit> edits() {
    Arbitrary<String> in =
        Arbitraries.oneOf(
            Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(6),
            Arbitraries.of(
                ".",
                "=",
                "\"",
                "{}",
                "[",
                ",\"alg\":\"none\"",
                "9e999",
                "\\u0000",
                "\\ud800",
                "A"));
    return Combinators.combine(
            Arbitraries.integers().between(0, 5_000), Arbitraries.integers().between(0, 20), in)
        .as(Edit::new);
  }

  @Provide
  Arbitrary<String> headers() {
    Arbitrary<String> algorithms =
        Arbitraries.of(
            "RS256", "RS384", "RS512", "ES256", "ES512", "PS256", "HS256", "HS512", "none", "EdDSA",
            "dir", "", "rs256");
    Arbitrary<String> keyIds = Arbitraries.of("cluster-key", "other", "", "../x", "\\u0000");
    Arbitrary<String> more =
        Arbitraries.of(
            "",
            ",\"jwk\":" + besieged.forge.otherJwk(),
            ",\"jku\":\"http://127.0.0.1:1/keys\"",
            ",\"x5c\":[\"AAAA\"]",
            ",\"crit\":[\"x\"],\"x\":1",
            ",\"b64\":false",
            ",\"typ\":\"JWT\"",
            ",\"zip\":\"DEF\"");
    return Combinators.combine(algorithms, keyIds, more)
        .as((alg, kid, rest) -> "{\"alg\":\"" + alg + "\",\"kid\":\"" + kid + "\"" + rest + "}");
  }

  @Property(tries = 2_000)
  void refusesAGenuineTokenThatWasEdited(@ForAll("edits") Edit edit) {
    String edited = edit.of(GENUINE);

    if (!meansTheSame(GENUINE, edited)) {
      assertRefused(edited);
    }
  }

  // Base64 has unused bits in its last letter: the same bytes can be written in several ways.
  private static boolean meansTheSame(String genuine, String edited) {
    int signature = genuine.lastIndexOf('.') + 1;
    try {
      return edited.startsWith(genuine.substring(0, signature))
          && Arrays.equals(
              Base64.getUrlDecoder().decode(genuine.substring(signature)),
              Base64.getUrlDecoder().decode(edited.substring(signature)));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Property(tries = 1_000)
  void refusesOtherHeadersAndSignatures(
      @ForAll("headers") String header, @ForAll("signatures") String signature) {
    boolean genuine = signature.equals("genuine") && header.contains("\"RS256\",\"kid\":\"cluster");
    if (!genuine) {
      assertRefused(
          besieged.forge.signed(
              header, "{" + besieged.forge.claims(BesiegedAgent.VICTIM) + "}", signature));
    }
  }

  @Provide
  Arbitrary<String> signatures() {
    return Arbitraries.of(SIGNATURES);
  }

  @Property(tries = 1_000)
  void refusesClaimsThatWereEditedAndNotSignedByTheCluster(
      @ForAll("edits") Edit edit, @ForAll("signatures") String signature) {
    String payload = edit.of("{" + besieged.forge.claims(BesiegedAgent.VICTIM) + "}");
    if (!signature.equals("genuine")) {
      assertRefused(besieged.forge.signed(besieged.forge.header(), payload, signature));
    }
  }

  @Property(tries = 500)
  void refusesAnyBytes(@ForAll byte[] header, @ForAll byte[] payload) {
    assertRefused(
        besieged.forge.signed(
            new String(header, ISO_8859_1), new String(payload, ISO_8859_1), "genuine"));
  }

  private static void assertRefused(String text) {
    Throwable verdict =
        catchThrowable(() -> besieged.verifier.verify(ServiceAccountToken.parse(text)));
    assertThat(verdict)
        .isInstanceOfAny(InvalidTokenException.class, KeysUnavailableException.class);
    TemporaryCredentials answer = null;
    try {
      answer = besieged.ask(text);
    } catch (CredentialException e) {
      assertThat(e.reason())
          .isIn(
              FailureReason.INVALID_TOKEN,
              FailureReason.EXPIRED_TOKEN,
              FailureReason.MISSING_TOKEN,
              FailureReason.RESOURCE_NOT_FOUND);
    }
    assertThat(answer).isNull();
  }
}
