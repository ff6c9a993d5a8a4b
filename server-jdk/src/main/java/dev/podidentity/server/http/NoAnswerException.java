package dev.podidentity.server.http;

import java.io.IOException;

/** No answer is to be given: the connection is closed instead. */
public final class NoAnswerException extends IOException {
  private static final long serialVersionUID = 1L;

  /** No answer, for this reason. */
  public NoAnswerException(String why) {
    super(why);
  }
}
