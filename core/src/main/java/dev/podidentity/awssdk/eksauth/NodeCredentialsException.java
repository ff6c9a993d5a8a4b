package dev.podidentity.awssdk.eksauth;

import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * The agent has no AWS credentials of its own. The message says what to do; where a line of a
 * shared file is the cause, it names both.
 */
public final class NodeCredentialsException extends SdkClientException {
  private static final long serialVersionUID = 1L;

  NodeCredentialsException(String message, SdkClientException cause) {
    super(builder().message(message).cause(cause));
  }
}
