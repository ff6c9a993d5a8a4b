package dev.podidentity.awssdk;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;

/** A token of the form and size that the kubelet projects, signed by nobody. */
final class BenchmarkToken {
  private BenchmarkToken() {}

  static String make() {
    long now = Instant.now().getEpochSecond();
    String claims =
        """
        {"aud":["pods.eks.amazonaws.com"],"exp":%d,"iat":%d,"iss":"https://oidc.example.com",\
        "kubernetes.io":{"namespace":"default",\
        "pod":{"name":"my-pod","uid":"00000000-0000-0000-0000-000000000001"},\
        "serviceaccount":{"name":"my-service-account",\
        "uid":"00000000-0000-0000-0000-000000000002"}},"nbf":%d,\
        "sub":"system:serviceaccount:default:my-service-account"}"""
            .formatted(now + 86_400, now, now);
    return encode("{\"alg\":\"RS256\",\"kid\":\"1\"}")
        + "."
        + encode(claims)
        + "."
        + encode("s".repeat(256));
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
