package dev.podidentity.awssdk.eksauth;

import software.amazon.awssdk.core.exception.SdkClientException;

/** The agent's own AWS credentials cannot be had. */
final class NodeCredentialsException extends SdkClientException {
  private static final long serialVersionUID = 1L;

  NodeCredentialsException(SdkClientException cause) {
    super(builder().message("The node's AWS credentials cannot be had").cause(cause));
  }
}
