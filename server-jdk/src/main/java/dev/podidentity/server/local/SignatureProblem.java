package dev.podidentity.server.local;

import dev.podidentity.server.http.Answer;

/** What AWS says of a request whose signature it does not accept. */
enum SignatureProblem {
  MISSING(403, "MissingAuthenticationTokenException", "The request is not signed"),
  INCOMPLETE(400, "IncompleteSignatureException", "The Authorization header is no signature"),
  UNKNOWN_KEY(403, "UnrecognizedClientException", "The access key id is not one of this EKS"),
  EXPIRED(
      403, "InvalidSignatureException", "The signature is more than five minutes old, or early"),
  WRONG(403, "InvalidSignatureException", "The signature is not made with the key's secret");

  private final int status;
  private final String type;
  private final String message;

  SignatureProblem(int status, String type, String message) {
    this.status = status;
    this.type = type;
    this.message = message;
  }

  Answer answer() {
    return AwsErrors.answer(status, type, message);
  }
}
