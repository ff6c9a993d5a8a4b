package dev.podidentity.awssdk.eksauth;

import software.amazon.awssdk.core.exception.SdkClientException;

/** The agent's own AWS credentials cannot be had. */
final class NodeCredentialsException extends SdkClientException {
  private static final long serialVersionUID = 1L;

  NodeCredentialsException(String message, SdkClientException cause) {
    super(builder().message(message).cause(cause));
  }
}
