package dev.podidentity.http;

import java.io.IOException;

/** A proxy did not connect to the server. */
public final class ProxyRefusalException extends IOException {
  private static final long serialVersionUID = 1L;

  private static final int AUTHENTICATION_REQUIRED = 407;

  ProxyRefusalException(HttpProxy proxy, String server, int status) {
    super(
        "the proxy "
            + proxy
            + " does not connect to "
            + server
            + ": it answered "
            + status
            + (status == AUTHENTICATION_REQUIRED
                ? ", so the proxy's URL needs a user and a password that it accepts"
                : ""));
  }
}
