package dev.podidentity.awssdk.eksauth;

import java.io.IOException;

/** A web page came where an answer of AWS should be. */
final class HtmlReplyException extends IOException {
  private static final long serialVersionUID = 1L;

  HtmlReplyException(int status) {
    super("a web page with status " + status);
  }
}
