package dev.podidentity;

import dev.podidentity.token.ServiceAccountToken;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * Who a request counts for.
 *
 * @param kind what {@code id} is, so that no pod can be named like an address
 * @param cluster the issuer of the pod's cluster; empty where there is none
 * @param id the pod's UID, the token of no pod, or the address
 */
record Requester(Kind kind, String cluster, String id) {
  enum Kind {
    POD,
    TOKEN,
    ADDRESS
  }

  /** The pod that an accepted token belongs to. */
  static Requester of(ServiceAccountToken accepted) {
    return accepted
        .pod()
        .map(pod -> new Requester(Kind.POD, accepted.issuer(), pod.uid()))
        .orElseGet(() -> new Requester(Kind.TOKEN, "", accepted.value()));
  }

  /** Whoever is at this address, while nothing else is known of them. */
  static Requester at(InetAddress client) {
    return new Requester(Kind.ADDRESS, "", client.getHostAddress());
  }

  // Each request looks for one. What the compiler makes of a record takes several times as long.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Requester that
        && id.equals(that.id)
        && kind == that.kind
        && cluster.equals(that.cluster);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  @Override
  public String toString() {
    return "Requester[" + (kind == Kind.TOKEN ? "a token without a pod" : id) + "]";
  }
}
