package dev.podidentity.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.LocalPod;
import dev.podidentity.local.MovableClock;
import dev.podidentity.token.InvalidTokenException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAccountTokenTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String HEADER = encode("{\"alg\":\"RS256\"}");
  private static final Duration NO_SKEW = Duration.ZERO;
  private static final LocalCluster CLUSTER = LocalCluster.builder().build();

  @Example
  void readsWhatKubernetesWrites() {
    var cluster = LocalCluster.builder().clock(MovableClock.startingAt(START)).build();
    LocalPod pod = cluster.startPod(new ServiceAccountRef("default", "my-sa"), "my-pod");

    var token = ServiceAccountToken.parse(cluster.projectedToken(pod));

    assertThat(token.issuer()).isEqualTo(LocalCluster.DEFAULT_ISSUER);
    assertThat(token.serviceAccount()).isEqualTo(pod.serviceAccount());
    assertThat(token.serviceAccountUid()).contains(pod.serviceAccountUid());
    assertThat(token.pod()).contains(pod.pod());
    assertThat(token.audiences()).containsExactly("pods.eks.amazonaws.com");
    assertThat(token.issuedAt()).contains(START);
    assertThat(token.notBefore()).contains(START);
    assertThat(token.expiresAt()).isEqualTo(START.plus(Duration.ofDays(1)));
  }

  @Property(tries = 100)
  void readsBackWhatWasSigned(
      @ForAll("names") String namespace,
      @ForAll("names") String account,
      @ForAll("names") String pod) {
    LocalPod started = CLUSTER.startPod(new ServiceAccountRef(namespace, account), pod);
    String text = CLUSTER.projectedToken(started);

    var token = ServiceAccountToken.parse(text);

    assertThat(token.value()).isEqualTo(text);
    assertThat(token.serviceAccount()).isEqualTo(started.serviceAccount());
    assertThat(token.serviceAccountUid()).contains(started.serviceAccountUid());
    assertThat(token.pod()).contains(started.pod());
    assertThat(token.toString()).doesNotContain(text);
  }

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> ends = Arbitraries.strings().withCharRange('a', 'z').numeric().ofLength(1);
    Arbitrary<String> middle =
        Arbitraries.strings().withCharRange('a', 'z').numeric().withChars('-').ofMaxLength(61);
    return Combinators.combine(ends, middle, ends).as((first, rest, last) -> first + rest + last);
  }

  @Example
  void readsATokenThatIsBoundToNoPod() {
    var token =
        ServiceAccountToken.parse(
            token("{\"iss\":\"i\",\"sub\":\"system:serviceaccount:a:b\",\"exp\":1}"));

    assertThat(token.pod()).isEmpty();
    assertThat(token.audiences()).isEmpty();
    assertThat(token.serviceAccount()).hasToString("a/b");
  }

  @Example
  void takesAnAudienceThatIsOneText() {
    assertThat(parse("\"aud\":\"one\"").audiences()).containsExactly("one");
  }

  @Example
  void takesTimesWithAFraction() {
    assertThat(parse("\"nbf\":1.5").notBefore()).contains(Instant.ofEpochSecond(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"sub\":\"system:serviceaccount:a:b\",\"exp\":1}",
        "{\"iss\":\"i\",\"exp\":1}",
        "{\"iss\":\"i\",\"sub\":\"system:serviceaccount:a:b\"}",
        "{\"iss\":\"i\",\"sub\":\"alice\",\"exp\":1}",
        "{\"iss\":\"i\",\"sub\":\"system:serviceaccount:a\",\"exp\":1}",
        "{\"iss\":\"i\",\"sub\":\"system:serviceaccount:A:b\",\"exp\":1}",
        "{\"iss\":\"i\",\"sub\":\"system:serviceaccount:a:b:c\",\"exp\":1}",
        "{\"iss\":7,\"sub\":\"system:serviceaccount:a:b\",\"exp\":1}",
        "[]",
        "null",
        "{",
        "{} {}",
        ""
      })
  void refusesOtherPayloads(String payload) {
    assertMalformed(token(payload));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"exp\":2",
        "\"nbf\":\"1\"",
        "\"nbf\":-1",
        "\"nbf\":1e999999999",
        "\"nbf\":99999999999999999999999999",
        "\"iat\":253402300800",
        "\"iat\":null",
        "\"aud\":[1]",
        "\"aud\":7",
        "\"aud\":{\"a\":\"pods.eks.amazonaws.com\"}",
        "\"kubernetes.io\":[]",
        "\"kubernetes.io\":{}",
        "\"kubernetes.io\":{\"namespace\":\"a\"}",
        "\"kubernetes.io\":{\"namespace\":\"x\",\"serviceaccount\":{\"name\":\"b\"}}",
        "\"kubernetes.io\":{\"namespace\":\"a\",\"serviceaccount\":{\"name\":\"x\"}}",
        "\"kubernetes.io\":{\"namespace\":\"a\",\"serviceaccount\":{\"name\":\"b\"},\"pod\":{}}",
        "\"kubernetes.io\":{\"namespace\":\"a\",\"serviceaccount\":{\"name\":\"b\"},\"pod\":7}"
      })
  void refusesClaimsOfTheWrongTypeTwiceOrInDisagreement(String claim) {
    assertMalformed(token(payloadWith(claim)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a.b", "..", "a.b.c.d", "é.é.é", "a=.a=.a=", "{}.{}.{}"})
  void refusesWhatDoesNotHaveTheForm(String text) {
    assertMalformed(text);
  }

  @Example
  void refusesATokenWithoutASignature() {
    assertMalformed(HEADER + "." + encode(payloadWith("\"nbf\":1")) + ".");
  }

  @Example
  void refusesInvalidUtf8() {
    byte[] bytes = payloadWith("\"jti\":\"é\"").getBytes(StandardCharsets.ISO_8859_1);

    assertMalformed(
        HEADER + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + ".c2ln");
  }

  @Example
  void refusesDeepJson() {
    assertMalformed(token(payloadWith("\"x\":" + "[".repeat(5_000) + "]".repeat(5_000))));
  }

  @Example
  void refusesWhatIsTooLarge() {
    var failure = failure("a".repeat(ServiceAccountToken.MAX_LENGTH + 1));

    assertThat(failure.reason()).isEqualTo(Reason.TOO_LARGE);
  }

  @Property
  void failsInOneWayOnly(@ForAll @Size(max = 300) byte[] header, @ForAll String payload) {
    String text =
        Base64.getUrlEncoder().withoutPadding().encodeToString(header)
            + "."
            + encode(payload)
            + ".c2ln";

    assertMalformed(text);
  }

  @Property
  void failsInOneWayOnlyOnAnyText(@ForAll String text) {
    assertMalformed(text);
  }

  @Example
  void hasExpiredFromTheSecondThatItNames() {
    var token = parse("\"nbf\":1");

    token.requireValidAt(Instant.ofEpochSecond(99), NO_SKEW);
    assertThatThrownBy(() -> token.requireValidAt(Instant.ofEpochSecond(100), NO_SKEW))
        .isInstanceOfSatisfying(
            InvalidTokenException.class, e -> assertThat(e.reason()).isEqualTo(Reason.EXPIRED))
        .hasMessageContaining("a/b")
        .hasMessageContaining("1970-01-01T00:01:40Z");
  }

  @Example
  void allowsForTheSkewAtBothEnds() {
    var token = parse("\"nbf\":50,\"iat\":50");

    token.requireValidAt(Instant.ofEpochSecond(109), Duration.ofSeconds(10));
    token.requireValidAt(Instant.ofEpochSecond(40), Duration.ofSeconds(10));
    for (long second : new long[] {39, 110}) {
      assertThatThrownBy(
              () -> token.requireValidAt(Instant.ofEpochSecond(second), Duration.ofSeconds(10)))
          .isInstanceOf(InvalidTokenException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nbf", "iat"})
  void isNotValidBeforeEitherTime(String claim) {
    var token = parse("\"" + claim + "\":50");

    assertThatThrownBy(() -> token.requireValidAt(Instant.ofEpochSecond(49), NO_SKEW))
        .isInstanceOfSatisfying(
            InvalidTokenException.class,
            e -> assertThat(e.reason()).isEqualTo(Reason.NOT_YET_VALID))
        .hasMessageContaining(claim);
  }

  @Example
  void printsWithoutItsText() {
    var token = parse("\"nbf\":1");

    assertThat(token.toString())
        .isEqualTo("ServiceAccountToken[a/b, expires 1970-01-01T00:01:40Z]");
  }

  private static ServiceAccountToken parse(String claims) {
    return ServiceAccountToken.parse(token(payloadWith(claims)));
  }

  private static String payloadWith(String claims) {
    return "{\"iss\":\"i\",\"sub\":\"system:serviceaccount:a:b\",\"exp\":100," + claims + "}";
  }

  private static String token(String payload) {
    return HEADER + "." + encode(payload) + ".c2ln";
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertMalformed(String text) {
    assertThat(failure(text).reason()).isEqualTo(Reason.MALFORMED);
  }

  private static InvalidTokenException failure(String text) {
    var failure =
        catchThrowableOfType(InvalidTokenException.class, () -> ServiceAccountToken.parse(text));
    assertThat(failure).describedAs("what parsing says of '%s'", text).isNotNull();
    return failure;
  }
}
