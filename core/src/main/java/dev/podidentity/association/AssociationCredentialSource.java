package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.TokenFailures;
import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.KeysUnavailableException;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;

/**
 * Answers as EKS Auth does, without EKS: verifies the token, finds the association of its service
 * account, and has the role's credentials made. Fails with the reasons of EKS Auth. Thread-safe.
 */
public final class AssociationCredentialSource implements CredentialSource {
  private final TokenVerifier verifier;
  private final AssociationStore associations;
  private final RoleCredentialIssuer issuer;

  private AssociationCredentialSource(
      TokenVerifier verifier, AssociationStore associations, RoleCredentialIssuer issuer) {
    this.verifier = requireNonNull(verifier, "verifier");
    this.associations = requireNonNull(associations, "associations");
    this.issuer = requireNonNull(issuer, "issuer");
  }

  /**
   * A source over associations.
   *
   * @param verifier says which tokens are the cluster's
   * @param associations says which role a service account of the cluster gets
   * @param issuer makes the role's credentials
   */
  public static AssociationCredentialSource of(
      TokenVerifier verifier, AssociationStore associations, RoleCredentialIssuer issuer) {
    return new AssociationCredentialSource(verifier, associations, issuer);
  }

  @Override
  public TemporaryCredentials fetch(ServiceAccountToken token) {
    verify(token);
    return issuer.issue(association(token), token);
  }

  private void verify(ServiceAccountToken token) {
    try {
      verifier.verify(token);
    } catch (InvalidTokenException e) {
      throw TokenFailures.toCredentialException(e);
    } catch (KeysUnavailableException e) {
      throw new CredentialException(
          FailureReason.SERVICE_UNAVAILABLE,
          "The signing keys of cluster "
              + associations.cluster().name()
              + " cannot be had: try again",
          null,
          null,
          e);
    }
  }

  private PodIdentityAssociation association(ServiceAccountToken token) {
    return associations
        .find(token.serviceAccount())
        .orElseThrow(
            () ->
                new CredentialException(
                    FailureReason.RESOURCE_NOT_FOUND,
                    "No association found for service account "
                        + token.serviceAccount()
                        + " in cluster "
                        + associations.cluster().name()));
  }
}
