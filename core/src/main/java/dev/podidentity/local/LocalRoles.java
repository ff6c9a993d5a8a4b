package dev.podidentity.local;

import static java.util.Objects.requireNonNull;

import dev.podidentity.association.PodIdentityAssociation;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.RoleCredentialIssuer;
import dev.podidentity.association.TrustPolicies;
import dev.podidentity.association.TrustPolicyProblem;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The IAM roles of a local cluster, as far as they are told: a role whose trust policy is not told
 * lets itself be assumed. Thread-safe.
 */
public final class LocalRoles {
  private final Map<RoleArn, String> trustPolicies = new ConcurrentHashMap<>();

  LocalRoles() {}

  /**
   * Tells a role's trust policy; from now on it is assumed only for associations that the policy
   * lets through. Conditions that only AWS can judge are taken to hold.
   *
   * @param role the role
   * @param document the policy's JSON
   */
  public void trustPolicy(RoleArn role, String document) {
    trustPolicies.put(requireNonNull(role, "role"), requireNonNull(document, "document"));
  }

  /** Lets a role be assumed by everybody again. */
  public void forget(RoleArn role) {
    trustPolicies.remove(requireNonNull(role, "role"));
  }

  RoleCredentialIssuer guard(RoleCredentialIssuer issuer) {
    return (association, token) -> issueIfTrusted(issuer, association, token);
  }

  private TemporaryCredentials issueIfTrusted(
      RoleCredentialIssuer issuer, PodIdentityAssociation association, ServiceAccountToken token) {
    String why =
        Stream.concat(roleProblems(association), targetRoleProblems(association))
            .filter(problem -> problem.kind().refuses())
            .map(TrustPolicyProblem::message)
            .collect(Collectors.joining("; "));
    if (!why.isEmpty()) {
      throw new CredentialException(
          FailureReason.ACCESS_DENIED,
          "The roles of association "
              + association.associationId()
              + " cannot be assumed for service account "
              + token.serviceAccount()
              + ": "
              + why);
    }
    return issuer.issue(association, token);
  }

  private Stream<TrustPolicyProblem> roleProblems(PodIdentityAssociation association) {
    @Nullable String policy = trustPolicies.get(association.roleArn());
    return problems(policy == null ? null : TrustPolicies.checkRole(policy, association));
  }

  private Stream<TrustPolicyProblem> targetRoleProblems(PodIdentityAssociation association) {
    @Nullable String policy = association.targetRoleArn().map(trustPolicies::get).orElse(null);
    return problems(policy == null ? null : TrustPolicies.checkTargetRole(policy, association));
  }

  private static Stream<TrustPolicyProblem> problems(@Nullable List<TrustPolicyProblem> found) {
    return found == null ? Stream.of() : found.stream();
  }
}
