package dev.podidentity.examples.stsissuer;

import static java.util.Objects.requireNonNull;

import dev.podidentity.association.PodIdentityAssociation;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.RoleCredentialIssuer;
import dev.podidentity.association.RoleSessionName;
import dev.podidentity.association.SessionPolicy;
import dev.podidentity.association.SessionTags;
import dev.podidentity.credential.AssociationRef;
import dev.podidentity.credential.AssumedRoleUser;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.model.AssumeRoleRequest;
import software.amazon.awssdk.services.sts.model.AssumeRoleResponse;
import software.amazon.awssdk.services.sts.model.Tag;

/**
 * Issues what AWS STS gives for an association's role: with the six session tags, all transitive,
 * and, for a target role, by role chaining with the external id. Thread-safe.
 *
 * <p>The session policy restricts the role whose credentials the pod gets, and never the one on the
 * way to it. STS lets a chained session live for one hour at most.
 */
public final class StsRoleCredentialIssuer implements RoleCredentialIssuer {
  private static final Duration MAX_CHAINED = Duration.ofHours(1);

  private final StsClient sts;
  private final Duration lifetime;
  private final Supplier<UUID> unique;

  /**
   * An issuer.
   *
   * @param sts asks with the credentials of the issuer itself, which the roles have to trust
   * @param lifetime how long credentials are to live, 15 minutes at least
   * @param unique tells sessions apart
   */
  public StsRoleCredentialIssuer(StsClient sts, Duration lifetime, Supplier<UUID> unique) {
    this.sts = requireNonNull(sts, "sts");
    this.lifetime = requireNonNull(lifetime, "lifetime");
    this.unique = requireNonNull(unique, "unique");
  }

  @Override
  public TemporaryCredentials issue(PodIdentityAssociation association, ServiceAccountToken token) {
    try {
      String session = RoleSessionName.of(association.clusterName(), token, unique.get());
      AssumeRoleRequest first = request(association, token, session);
      return association
          .targetRoleArn()
          .map(target -> chain(association, target, first, session))
          .orElseGet(
              () -> credentials(association, sts.assumeRole(withPolicy(first, association))));
    } catch (SdkException e) {
      throw StsFailures.translate(e, association);
    }
  }

  private AssumeRoleRequest request(
      PodIdentityAssociation association, ServiceAccountToken token, String session) {
    SessionTags tags = SessionTags.of(association, token);
    return AssumeRoleRequest.builder()
        .roleArn(association.roleArn().toString())
        .roleSessionName(session)
        .durationSeconds((int) lifetime.toSeconds())
        .tags(
            tags.asMap().entrySet().stream()
                .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList())
        .transitiveTagKeys(tags.transitiveKeys())
        .build();
  }

  private TemporaryCredentials chain(
      PodIdentityAssociation association, RoleArn target, AssumeRoleRequest first, String session) {
    AwsCredentials between = toSdk(sts.assumeRole(first));
    AssumeRoleRequest second =
        AssumeRoleRequest.builder()
            .roleArn(target.toString())
            .roleSessionName(session)
            .externalId(association.externalId().orElse(null))
            .durationSeconds((int) shorter(lifetime, MAX_CHAINED).toSeconds())
            .overrideConfiguration(
                c -> c.credentialsProvider(StaticCredentialsProvider.create(between)))
            .build();
    return credentials(association, sts.assumeRole(withPolicy(second, association)));
  }

  private static AssumeRoleRequest withPolicy(
      AssumeRoleRequest request, PodIdentityAssociation association) {
    return association
        .policy()
        .map(SessionPolicy::json)
        .map(policy -> request.toBuilder().policy(policy).build())
        .orElse(request);
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static AwsCredentials toSdk(AssumeRoleResponse answer) {
    return AwsSessionCredentials.create(
        answer.credentials().accessKeyId(),
        answer.credentials().secretAccessKey(),
        answer.credentials().sessionToken());
  }

  private static TemporaryCredentials credentials(
      PodIdentityAssociation association, AssumeRoleResponse answer) {
    var role =
        new AssumedRoleUser(
            answer.assumedRoleUser().arn(), answer.assumedRoleUser().assumedRoleId());
    return TemporaryCredentials.builder()
        .accessKeyId(answer.credentials().accessKeyId())
        .secretAccessKey(answer.credentials().secretAccessKey())
        .sessionToken(answer.credentials().sessionToken())
        .expiration(answer.credentials().expiration())
        .accountId(role.accountId())
        .assumedRoleUser(role)
        .association(
            new AssociationRef(
                association.associationArn().toString(), association.associationId()))
        .issuer("AWS STS")
        .build();
  }
}
