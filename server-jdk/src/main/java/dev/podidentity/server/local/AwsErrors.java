package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.server.http.Answer;
import java.util.UUID;

/** Errors as AWS' REST-JSON protocol has them: the type in a header, the message in the body. */
final class AwsErrors {
  private AwsErrors() {}

  static Answer answer(int status, String type, String message) {
    return withRequestId(
            Answer.json(status, JsonNodeFactory.instance.objectNode().put("message", message)))
        .with("x-amzn-ErrorType", type);
  }

  /** With the status that the service's model gives to each of its exceptions. */
  static Answer of(CredentialException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.reason()) {
      case ACCESS_DENIED, EXPIRED_TOKEN, INVALID_PARAMETER, INVALID_REQUEST, INVALID_TOKEN ->
          answer(400, e.reason().code(), message);
      case RESOURCE_NOT_FOUND -> answer(404, e.reason().code(), message);
      case THROTTLED -> answer(429, e.reason().code(), message);
      case SERVICE_UNAVAILABLE -> answer(503, e.reason().code(), message);
      case INTERNAL_SERVER,
          HOST_NOT_ALLOWED,
          MISSING_TOKEN,
          NODE_CREDENTIALS,
          TIMED_OUT,
          UNREACHABLE,
          INVALID_ANSWER,
          PENDING,
          OVERLOADED,
          TOO_MANY_REQUESTS,
          CLOSED,
          UNEXPECTED ->
          answer(500, "InternalServerException", message);
    };
  }

  static Answer withRequestId(Answer answer) {
    return answer.with("x-amzn-RequestId", UUID.randomUUID().toString());
  }
}
