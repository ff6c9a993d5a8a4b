package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A client's request token, and what it was used for: the same token with another request is a
 * mistake of the client's.
 *
 * @param token what the client sent
 * @param fingerprint a digest of the request's other members
 */
record RequestToken(String token, String fingerprint) {
  private static final int FINGERPRINT_BYTES = 12;

  RequestToken {
    requireNonNull(token, "token");
    requireNonNull(fingerprint, "fingerprint");
  }

  static @Nullable RequestToken of(CreateAssociation request) {
    return of(
        request.clientRequestToken().orElse(null),
        request.serviceAccount(),
        request.roleArn(),
        request.tags(),
        request.disableSessionTags(),
        request.targetRoleArn(),
        request.policy(),
        request.ownerArn());
  }

  static @Nullable RequestToken of(UpdateAssociation request) {
    return of(
        request.clientRequestToken().orElse(null),
        request.roleArn(),
        request.disableSessionTags(),
        request.targetRoleArn(),
        request.removesTargetRole(),
        request.policy(),
        request.removesPolicy());
  }

  private static @Nullable RequestToken of(@Nullable String token, Object... members) {
    return token == null
        ? null
        : new RequestToken(
            token, digest(Arrays.toString(members).getBytes(StandardCharsets.UTF_8)));
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(digest, FINGERPRINT_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }
}
