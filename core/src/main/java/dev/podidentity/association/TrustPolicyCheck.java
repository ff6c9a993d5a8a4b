package dev.podidentity.association;

import dev.podidentity.association.TrustPolicyProblem.Kind;
import java.util.ArrayList;
import java.util.List;

/** Holds a trust policy's statements against the way in which a role will be assumed. */
final class TrustPolicyCheck {
  private final TrustRequest request;
  private final List<TrustPolicyProblem> problems = new ArrayList<>();

  TrustPolicyCheck(TrustRequest request) {
    this.request = request;
  }

  List<TrustPolicyProblem> check(List<TrustStatement> statements) {
    var ours = statements.stream().filter(s -> s.allows() && s.isFor(request)).toList();
    if (ours.isEmpty()) {
      add(
          Kind.PRINCIPAL_MISSING,
          "No statement allows "
              + request.principal()
              + ": add one with \"Principal\": {\""
              + request.principalType()
              + "\": \""
              + request.principal()
              + "\"}");
    } else {
      requireAction(ours, TrustPolicies.ASSUME_ROLE, Kind.ASSUME_ROLE_MISSING, "");
      if (request.tagged()) {
        requireAction(
            ours,
            TrustPolicies.TAG_SESSION,
            Kind.TAG_SESSION_MISSING,
            ", or set disableSessionTags on the association");
      }
      requireExternalId(ours);
    }
    statements.stream()
        .filter(statement -> statement.denies() && statement.isFor(request))
        .forEach(this::checkDenial);
    return List.copyOf(problems);
  }

  private void requireAction(
      List<TrustStatement> ours, String action, Kind missing, String orElse) {
    var naming = ours.stream().filter(statement -> statement.names(action)).toList();
    if (naming.isEmpty()) {
      add(
          missing,
          action
              + " is not allowed for "
              + request.principal()
              + ": add it to the statement's Action"
              + orElse);
      return;
    }
    List<TrustPolicyProblem> fewest = null;
    for (TrustStatement statement : naming) {
      List<TrustPolicyProblem> found = conditionProblems(statement, action);
      if (fewest == null || found.size() < fewest.size()) {
        fewest = found;
      }
    }
    if (fewest != null) {
      fewest.stream().filter(problem -> !problems.contains(problem)).forEach(problems::add);
    }
  }

  private List<TrustPolicyProblem> conditionProblems(TrustStatement statement, String action) {
    var found = new ArrayList<TrustPolicyProblem>();
    for (TrustCondition condition : conditionsOf(statement)) {
      String what = condition.describe(request.valueOf(condition.key()));
      switch (condition.heldAgainst(request)) {
        case HOLDS -> {}
        case FAILS ->
            found.add(
                new TrustPolicyProblem(
                    Kind.CONDITION_FAILS, "A condition keeps " + action + " away: " + what));
        case UNKNOWN ->
            found.add(
                new TrustPolicyProblem(
                    Kind.CONDITION_UNKNOWN, "Only AWS can judge the condition " + what));
      }
    }
    return found;
  }

  // Without it, whoever may use the first role may reach the target role: the confused deputy.
  private void requireExternalId(List<TrustStatement> ours) {
    if (request.valueOf("sts:ExternalId") == null) {
      return;
    }
    boolean required =
        ours.stream()
            .filter(statement -> statement.names(TrustPolicies.ASSUME_ROLE))
            .allMatch(
                statement ->
                    conditionsOf(statement).stream()
                        .anyMatch(condition -> condition.key().equalsIgnoreCase("sts:ExternalId")));
    if (!required) {
      add(
          Kind.EXTERNAL_ID_NOT_REQUIRED,
          "The policy does not ask for the external id: add \"StringEquals\": {\"sts:ExternalId\":"
              + " \""
              + request.valueOf("sts:ExternalId")
              + "\"} to the Condition");
    }
  }

  private void checkDenial(TrustStatement statement) {
    boolean concerned =
        statement.names(TrustPolicies.ASSUME_ROLE)
            || (request.tagged() && statement.names(TrustPolicies.TAG_SESSION));
    if (concerned && conditionProblems(statement, "the denial").isEmpty()) {
      add(Kind.DENIED, "A statement with \"Effect\": \"Deny\" applies to this association");
    }
  }

  private static List<TrustCondition> conditionsOf(TrustStatement statement) {
    var conditions = new ArrayList<TrustCondition>();
    statement
        .conditions()
        .properties()
        .forEach(
            operator ->
                operator
                    .getValue()
                    .properties()
                    .forEach(
                        key ->
                            conditions.add(
                                new TrustCondition(
                                    operator.getKey(),
                                    key.getKey(),
                                    TrustStatement.texts(key.getValue())))));
    return conditions;
  }

  private void add(Kind kind, String message) {
    problems.add(new TrustPolicyProblem(kind, message));
  }
}
