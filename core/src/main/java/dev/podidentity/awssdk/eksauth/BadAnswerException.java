package dev.podidentity.awssdk.eksauth;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Something answered that cannot be EKS Auth. */
final class BadAnswerException extends IOException {
  private static final long serialVersionUID = 1L;

  BadAnswerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
