package dev.podidentity.server.local;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Signs a request again with the key that was configured, and compares.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">
 *     Create a signed AWS API request</a>
 */
final class SignatureCheck {
  private static final Duration MAX_AGE = Duration.ofMinutes(5);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Map<String, String> secretByKeyId;
  private final Clock clock;

  /** Signatures are held against this clock, which is that of the clients and not the cluster's. */
  SignatureCheck(Map<String, String> secretByKeyId, Clock clock) {
    this.secretByKeyId = Map.copyOf(secretByKeyId);
    this.clock = clock;
  }

  /** What is wrong with a request's signature; null if nothing is. */
  @Nullable SignatureProblem check(HttpExchange exchange, byte[] body) {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    if (authorization == null) {
      return secretByKeyId.isEmpty() ? null : SignatureProblem.MISSING;
    }
    Signature signature = Signature.parse(authorization);
    if (signature == null) {
      return SignatureProblem.INCOMPLETE;
    }
    return secretByKeyId.isEmpty() ? null : verify(exchange, body, signature);
  }

  private @Nullable SignatureProblem verify(
      HttpExchange exchange, byte[] body, Signature signature) {
    String secret = secretByKeyId.get(signature.accessKeyId());
    if (secret == null) {
      return SignatureProblem.UNKNOWN_KEY;
    }
    String time = exchange.getRequestHeaders().getFirst("X-Amz-Date");
    if (time == null || !time.startsWith(signature.date()) || !isNow(time)) {
      return SignatureProblem.EXPIRED;
    }
    String toSign =
        String.join(
            "\n",
            Signature.ALGORITHM,
            time,
            signature.scope(),
            sha256(canonicalRequest(exchange, body, signature)));
    byte[] expected = hmac(key(secret, signature), toSign);
    return MessageDigest.isEqual(expected, HexFormat.of().parseHex(signature.value()))
        ? null
        : SignatureProblem.WRONG;
  }

  private boolean isNow(String time) {
    try {
      Instant signed = TIME.parse(time, Instant::from);
      return Duration.between(signed, clock.instant()).abs().compareTo(MAX_AGE) <= 0;
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static byte[] canonicalRequest(HttpExchange exchange, byte[] body, Signature signature) {
    Headers headers = exchange.getRequestHeaders();
    String canonicalHeaders =
        signature.signedHeaders().stream()
            .map(name -> name + ":" + value(headers, name) + "\n")
            .collect(Collectors.joining());
    URI uri = exchange.getRequestURI();
    return String.join(
            "\n",
            exchange.getRequestMethod(),
            Urls.encode(String.valueOf(uri.getRawPath()), "/"),
            canonicalQuery(uri.getRawQuery()),
            canonicalHeaders,
            String.join(";", signature.signedHeaders()),
            sha256(body))
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String value(Headers headers, String name) {
    List<String> values = headers.getOrDefault(name, List.of());
    return values.stream()
        .map(value -> value.strip().replaceAll(" +", " "))
        .collect(Collectors.joining(","));
  }

  private static String canonicalQuery(@Nullable String rawQuery) {
    return Urls.query(rawQuery).entrySet().stream()
        .flatMap(
            parameter ->
                parameter.getValue().stream()
                    .map(
                        value ->
                            Urls.encode(parameter.getKey(), "") + "=" + Urls.encode(value, "")))
        .sorted()
        .collect(Collectors.joining("&"));
  }

  private static byte[] key(String secret, Signature signature) {
    byte[] key = hmac(("AWS4" + secret).getBytes(StandardCharsets.UTF_8), signature.date());
    key = hmac(key, signature.region());
    key = hmac(key, signature.service());
    return hmac(key, "aws4_request");
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has HmacSHA256", e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
