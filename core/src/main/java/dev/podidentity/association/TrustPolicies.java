package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.association.TrustPolicyProblem.Kind;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import java.util.List;

/**
 * The trust policies that an association's roles need: written for it, and checked against it.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html">The role for EKS
 *     Pod Identity</a>
 */
public final class TrustPolicies {
  /** The service that assumes the roles of associations. */
  public static final String SERVICE = "pods.eks.amazonaws.com";

  static final String ASSUME_ROLE = "sts:AssumeRole";
  static final String TAG_SESSION = "sts:TagSession";

  private TrustPolicies() {}

  /**
   * The narrowest trust policy with which the association's role works: for this cluster, and for
   * this service account if sessions have tags.
   */
  public static String forRole(PodIdentityAssociation association) {
    ObjectNode statement = statement(association);
    statement.putObject("Principal").put("Service", SERVICE);
    ObjectNode equal = statement.putObject("Condition").putObject("StringEquals");
    equal.put("aws:SourceAccount", association.cluster().accountId());
    equal.put("aws:SourceArn", association.cluster().toString());
    requireTags(equal, association);
    return policy(statement);
  }

  /**
   * The narrowest trust policy with which the target role works: for this association's role with
   * its external id.
   *
   * @throws IllegalArgumentException if the association has no target role
   */
  public static String forTargetRole(PodIdentityAssociation association) {
    String externalId = externalId(association);
    ObjectNode statement = statement(association);
    statement.putObject("Principal").put("AWS", association.roleArn().toString());
    ObjectNode equal = statement.putObject("Condition").putObject("StringEquals");
    equal.put("sts:ExternalId", externalId);
    requireTags(equal, association);
    return policy(statement);
  }

  /**
   * What is wrong with the trust policy of an association's role; empty if nothing is.
   *
   * @param document the policy's JSON
   */
  public static List<TrustPolicyProblem> checkRole(
      String document, PodIdentityAssociation association) {
    return check(document, TrustRequest.ofService(association));
  }

  /**
   * What is wrong with the trust policy of an association's target role; empty if nothing is.
   *
   * @param document the policy's JSON
   * @throws IllegalArgumentException if the association has no target role
   */
  public static List<TrustPolicyProblem> checkTargetRole(
      String document, PodIdentityAssociation association) {
    return check(document, TrustRequest.ofRole(association, externalId(association)));
  }

  private static List<TrustPolicyProblem> check(String document, TrustRequest request) {
    try {
      ObjectNode policy = StrictJson.readObject(requireNonNull(document, "document"));
      return new TrustPolicyCheck(request).check(TrustStatement.allOf(policy));
    } catch (InvalidJsonException e) {
      return List.of(new TrustPolicyProblem(Kind.NOT_A_POLICY, "The document " + e.getMessage()));
    } catch (IllegalArgumentException e) {
      return List.of(new TrustPolicyProblem(Kind.NOT_A_POLICY, String.valueOf(e.getMessage())));
    }
  }

  private static ObjectNode statement(PodIdentityAssociation association) {
    ObjectNode statement = JsonNodeFactory.instance.objectNode().put("Effect", "Allow");
    ArrayNode actions = statement.putArray("Action").add(ASSUME_ROLE);
    if (!association.disableSessionTags()) {
      actions.add(TAG_SESSION);
    }
    return statement;
  }

  private static void requireTags(ObjectNode equal, PodIdentityAssociation association) {
    SessionTags.ofAnyPod(association).asMap().entrySet().stream()
        .filter(tag -> tag.getKey().startsWith("kubernetes-"))
        .forEach(tag -> equal.put("aws:RequestTag/" + tag.getKey(), tag.getValue()));
  }

  private static String policy(ObjectNode statement) {
    ObjectNode policy = JsonNodeFactory.instance.objectNode().put("Version", "2012-10-17");
    policy.putArray("Statement").add(statement);
    return policy.toPrettyString();
  }

  private static String externalId(PodIdentityAssociation association) {
    return association
        .externalId()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Association " + association.associationId() + " has no target role"));
  }
}
