package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import dev.podidentity.credential.AssociationRef;
import dev.podidentity.credential.AssumedRoleUser;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;

/** Credentials of the right shape, random, and recognisable as nobody's. */
final class SyntheticCredentialIssuer implements RoleCredentialIssuer {
  /** AWS' key ids are base32: they never hold a zero. */
  static final String KEY_ID_PREFIX = "ASIA0LOCAL0";

  private static final int KEY_ID_RANDOM_LENGTH = 9;
  private static final int SECRET_BYTES = 21;
  private static final int SESSION_TOKEN_BYTES = 192;

  private final Clock clock;
  private final Duration lifetime;
  private final SecureRandom random = new SecureRandom();

  SyntheticCredentialIssuer(Clock clock, Duration lifetime) {
    this.clock = requireNonNull(clock, "clock");
    this.lifetime = requireNonNull(lifetime, "lifetime");
  }

  @Override
  public TemporaryCredentials issue(PodIdentityAssociation association, ServiceAccountToken token) {
    RoleArn role = association.effectiveRoleArn();
    String session = RoleSessionName.of(association.clusterName(), token, UUID.randomUUID());
    return TemporaryCredentials.builder()
        .accessKeyId(KEY_ID_PREFIX + randomBase32())
        .secretAccessKey("LocalSecret/" + randomBase64(SECRET_BYTES))
        .sessionToken("LocalSessionToken/" + randomBase64(SESSION_TOKEN_BYTES))
        .accountId(role.accountId())
        .expiration(clock.instant().plus(lifetime).truncatedTo(ChronoUnit.SECONDS))
        .assumedRoleUser(
            new AssumedRoleUser(
                "arn:%s:sts::%s:assumed-role/%s/%s"
                    .formatted(role.partition(), role.accountId(), role.name(), session),
                "AROA0LOCAL0" + roleId(role) + ":" + session))
        .association(
            new AssociationRef(
                association.associationArn().toString(), association.associationId()))
        .build();
  }

  private String randomBase32() {
    long bits = ByteBuffer.wrap(randomBytes(Long.BYTES)).getLong() >>> 1;
    String digits = "0".repeat(Long.SIZE) + Long.toString(bits, Character.MAX_RADIX);
    return digits.substring(digits.length() - KEY_ID_RANDOM_LENGTH).toUpperCase(Locale.ROOT);
  }

  private static String roleId(RoleArn role) {
    return "%08X".formatted(role.toString().hashCode());
  }

  private String randomBase64(int bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes(bytes));
  }

  private byte[] randomBytes(int length) {
    var bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
