package dev.podidentity.http;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Where on its way a request failed, in words for the operator of the node. */
public enum NetworkCause {
  /** DNS does not know the name. */
  UNKNOWN_NAME,
  /** Nothing listens there. */
  REFUSED,
  /** There was a connection, and the other side ended it. */
  RESET,
  /** This node has no route. */
  NO_ROUTE,
  /** No connection came about in time. */
  CONNECT_TIMEOUT,
  /** There was a connection, and no whole answer in time. */
  ANSWER_TIMEOUT,
  /** A proxy did not let it pass. */
  PROXY,
  /** The certificate is of an authority that is not trusted. */
  UNTRUSTED,
  /** The certificate is for another host. */
  ANOTHER_HOST,
  /** TLS failed in another way. */
  TLS;

  /** What a failure stands for; empty where it is not of the network. */
  public static Optional<NetworkCause> of(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .flatMap(cause -> ofThis(cause).stream())
        .findFirst();
  }

  private static Optional<NetworkCause> ofThis(Throwable failure) {
    if (failure instanceof ProxyRefusalException) {
      return Optional.of(PROXY);
    }
    if (failure instanceof BadCertificateException bad) {
      return Optional.of(bad.isForAnotherHost() ? ANOTHER_HOST : UNTRUSTED);
    }
    if (failure instanceof ConnectTimeoutException) {
      return Optional.of(CONNECT_TIMEOUT);
    }
    if (failure instanceof SocketTimeoutException) {
      return Optional.of(ANSWER_TIMEOUT);
    }
    if (failure instanceof UnknownHostException) {
      return Optional.of(UNKNOWN_NAME);
    }
    if (failure instanceof NoRouteToHostException) {
      return Optional.of(NO_ROUTE);
    }
    if (failure instanceof ConnectException) {
      return Optional.of(REFUSED);
    }
    // The certificate is the cause of the handshake's failure.
    if (failure instanceof SSLException) {
      return Optional.ofNullable(failure.getCause())
          .flatMap(NetworkCause::of)
          .filter(NetworkCause::isOfACertificate)
          .or(() -> Optional.of(TLS));
    }
    boolean ended = failure instanceof SocketException || failure instanceof EOFException;
    return ended ? Optional.of(RESET) : Optional.empty();
  }

  private boolean isOfACertificate() {
    return this == UNTRUSTED || this == ANOTHER_HOST;
  }

  /** What happened and what to look at, as a part of a sentence; empty as {@link #of}. */
  public static Optional<String> describe(Throwable failure) {
    return of(failure).map(cause -> cause.text(failure));
  }

  private String text(Throwable failure) {
    return switch (this) {
      case UNKNOWN_NAME ->
          "its name is not known to the node's DNS ("
              + message(failure, UnknownHostException.class)
              + ")";
      case REFUSED -> "the connection was refused: nothing listens there";
      case RESET -> "the connection was ended by the other side, or by something on the way";
      case NO_ROUTE -> "the node has no route to it";
      case CONNECT_TIMEOUT ->
          "connecting timed out: a firewall, security group or route drops the packets";
      case ANSWER_TIMEOUT -> "it was connected to, and no whole answer came in time";
      case PROXY -> message(failure, ProxyRefusalException.class);
      case UNTRUSTED, ANOTHER_HOST -> message(failure, BadCertificateException.class);
      case TLS -> "TLS failed (" + message(failure, SSLException.class) + ")";
    };
  }

  private static String message(Throwable failure, Class<? extends Throwable> type) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .filter(type::isInstance)
        .map(cause -> String.valueOf(cause.getMessage()))
        .findFirst()
        .orElse("");
  }
}
