package dev.podidentity.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.server.http.Answer;

/** The one place where failures become statuses and bodies. */
final class ErrorAnswers {
  static final String NOT_FOUND = "NotFoundException";
  static final String METHOD_NOT_ALLOWED = "MethodNotAllowedException";

  private ErrorAnswers() {}

  static Answer of(CredentialException failure) {
    Answer answer =
        error(
            failure.reason().httpStatus(),
            failure.reason().code(),
            String.valueOf(failure.getMessage()));
    return failure
        .retryAfter()
        .map(after -> answer.with("Retry-After", Long.toString(Math.max(1, after.toSeconds()))))
        .orElse(answer);
  }

  static Answer notFound() {
    return error(
        404,
        NOT_FOUND,
        "Nothing is served at this path: the agent answers GET "
            + CredentialsEndpoint.PATH
            + "; check the path of AWS_CONTAINER_CREDENTIALS_FULL_URI");
  }

  static Answer methodNotAllowed() {
    return error(
            405, METHOD_NOT_ALLOWED, "Credentials are read with GET " + CredentialsEndpoint.PATH)
        .with("Allow", "GET");
  }

  // The AWS SDK for Java shows its user the lower-case members, the one for JavaScript the others.
  private static Answer error(int status, String code, String message) {
    return Answer.json(
        status,
        JsonNodeFactory.instance
            .objectNode()
            .put("code", code)
            .put("message", message)
            .put("Code", code)
            .put("Message", message));
  }
}
