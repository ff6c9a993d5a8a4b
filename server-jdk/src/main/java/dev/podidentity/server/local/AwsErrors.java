package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonException;
import dev.podidentity.association.AssociationException;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.server.http.Answer;
import java.util.Map;
import java.util.UUID;

/** Errors as AWS' REST-JSON protocol has them: the type in a header, the message in the body. */
final class AwsErrors {
  private static final int TOO_MANY_REQUESTS = 429;

  private AwsErrors() {}

  static Answer answer(int status, String type, String message) {
    return withRequestId(
            Answer.json(status, JsonNodeFactory.instance.objectNode().put("message", message)))
        .with("x-amzn-ErrorType", type);
  }

  /** With the status that the service's model gives to each of its exceptions. */
  static Answer of(CredentialException e) {
    FailureReason reason =
        FailureReason.ofEksAuth(e.reason().code()).orElse(FailureReason.INTERNAL_SERVER);
    // Pods read 503 here, since some SDKs do not try again after 429; EKS Auth itself answers 429.
    int status = reason == FailureReason.THROTTLED ? TOO_MANY_REQUESTS : reason.httpStatus();
    return answer(status, reason.code(), String.valueOf(e.getMessage()));
  }

  /** With the statuses and the members that EKS' model gives to its exceptions. */
  static Answer of(AssociationException e, String clusterName) {
    int status =
        switch (e.failure()) {
          case INVALID_PARAMETER, INVALID_REQUEST, RESOURCE_LIMIT_EXCEEDED -> 400;
          case RESOURCE_NOT_FOUND -> 404;
          case RESOURCE_IN_USE -> 409;
          case SERVER -> 500;
        };
    return answer(status, e.failure().code(), e, Map.of("clusterName", clusterName));
  }

  /** With the statuses and the members that EKS' model gives to its exceptions. */
  static Answer of(AddonException e, String clusterName) {
    int status =
        switch (e.failure()) {
          case INVALID_PARAMETER, INVALID_REQUEST -> 400;
          case RESOURCE_NOT_FOUND -> 404;
          case RESOURCE_IN_USE -> 409;
          case SERVER -> 500;
        };
    return answer(
        status, e.failure().code(), e, Map.of("clusterName", clusterName, "addonName", Addon.NAME));
  }

  private static Answer answer(
      int status, String type, RuntimeException e, Map<String, String> members) {
    var body = JsonNodeFactory.instance.objectNode();
    members.forEach(body::put);
    body.put("message", e.getMessage());
    return withRequestId(Answer.json(status, body)).with("x-amzn-ErrorType", type);
  }

  static Answer withRequestId(Answer answer) {
    return answer.with("x-amzn-RequestId", UUID.randomUUID().toString());
  }
}
