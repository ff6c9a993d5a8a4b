package dev.podidentity.credential.cache;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Whom a flight counts for until its token is known to be genuine: the address that asked, which a
 * pod cannot choose as it can what a token claims.
 *
 * @param address the address; null for nobody in particular
 */
record Sender(@Nullable InetAddress address) {
  /** The agent itself, and callers who do not say where a request came from. */
  static final Sender UNKNOWN = new Sender(null);

  static Sender at(InetAddress address) {
    return new Sender(address);
  }

  boolean isKnown() {
    return address != null;
  }
}
