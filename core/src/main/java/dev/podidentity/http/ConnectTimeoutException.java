package dev.podidentity.http;

import java.net.SocketTimeoutException;

/** No connection came about in time: nothing of the request was sent. */
public final class ConnectTimeoutException extends SocketTimeoutException {
  private static final long serialVersionUID = 1L;

  ConnectTimeoutException(SocketTimeoutException cause) {
    super("timed out while connecting");
    initCause(cause);
  }
}
