package dev.podidentity.awssdk.eksauth;

import static java.util.Objects.requireNonNull;

import dev.podidentity.credential.AssociationRef;
import dev.podidentity.credential.AssumedRoleUser;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.eksauth.EksAuthClient;
import software.amazon.awssdk.services.eksauth.model.AssumeRoleForPodIdentityResponse;

/**
 * Asks EKS Auth ({@code AssumeRoleForPodIdentity}), which verifies the token. Thread-safe. Needs
 * the AWS SDK's {@code eksauth}, which {@code pod-identity-core} does not bring.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html">
 *     AssumeRoleForPodIdentity</a>
 */
public final class EksAuthCredentialSource implements CredentialSource {
  private final EksAuthClient client;
  private final String clusterName;
  private final EksAuthFailures failures;

  private EksAuthCredentialSource(EksAuthClient client, String clusterName) {
    this.client = requireNonNull(client, "client");
    this.clusterName = requireNonNull(clusterName, "clusterName");
    this.failures = new EksAuthFailures(clusterName);
  }

  /**
   * A source that asks with this client; {@link EksAuthClients} builds one that suits an agent.
   *
   * @param client the client, which stays its owner's to close
   * @param clusterName the cluster that this node belongs to
   */
  // Not transitive: an application that is a module must compile without the optional client.
  @SuppressWarnings("exports")
  public static EksAuthCredentialSource of(EksAuthClient client, String clusterName) {
    return new EksAuthCredentialSource(client, clusterName);
  }

  @Override
  public TemporaryCredentials fetch(ServiceAccountToken token) {
    AssumeRoleForPodIdentityResponse answer;
    try {
      answer =
          client.assumeRoleForPodIdentity(r -> r.clusterName(clusterName).token(token.value()));
    } catch (SdkException e) {
      throw failures.translate(e, token);
    } catch (RuntimeException e) {
      // The cause is left out: what the AWS SDK could not read may be in it.
      throw unusable("could not be read", token, null);
    }
    return toCredentials(answer, token);
  }

  private TemporaryCredentials toCredentials(
      AssumeRoleForPodIdentityResponse answer, ServiceAccountToken token) {
    String requestId = answer.responseMetadata().requestId();
    requireSubject(answer, token, requestId);
    try {
      var role =
          new AssumedRoleUser(
              answer.assumedRoleUser().arn(), answer.assumedRoleUser().assumeRoleId());
      return TemporaryCredentials.builder()
          .accessKeyId(answer.credentials().accessKeyId())
          .secretAccessKey(answer.credentials().secretAccessKey())
          .sessionToken(answer.credentials().sessionToken())
          .expiration(answer.credentials().expiration())
          .accountId(role.accountId())
          .assumedRoleUser(role)
          .association(
              new AssociationRef(
                  answer.podIdentityAssociation().associationArn(),
                  answer.podIdentityAssociation().associationId()))
          .requestId(requestId)
          .issuer("EKS Auth")
          .build();
    } catch (NullPointerException | IllegalArgumentException e) {
      // The cause is left out: it could name what must not be named.
      throw unusable("lacks a member or has a malformed one", token, requestId);
    }
  }

  // Whatever went wrong upstream, a pod is never handed another service account's credentials.
  private void requireSubject(
      AssumeRoleForPodIdentityResponse answer,
      ServiceAccountToken token,
      @Nullable String requestId) {
    var subject = answer.subject();
    boolean same =
        subject != null
            && token.serviceAccount().namespace().equals(subject.namespace())
            && token.serviceAccount().name().equals(subject.serviceAccount());
    if (!same) {
      throw unusable("is for another service account", token, requestId);
    }
  }

  private CredentialException unusable(
      String what, ServiceAccountToken token, @Nullable String requestId) {
    return new CredentialException(
        FailureReason.INVALID_ANSWER,
        "The answer of EKS Auth for service account "
            + token.serviceAccount()
            + " in cluster "
            + clusterName
            + " "
            + what
            + EksAuthFailures.requestIdSuffix(requestId),
        requestId,
        null,
        null);
  }
}
