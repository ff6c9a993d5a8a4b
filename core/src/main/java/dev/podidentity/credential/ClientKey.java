package dev.podidentity.credential;

import dev.podidentity.token.PodRef;
import dev.podidentity.token.ServiceAccountToken;
import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client of the agent, as far as something counts for it: its pod once its token has been
 * accepted, and until then the address that it came from, which it cannot choose as it can what a
 * token claims. Immutable. {@code toString} holds no token.
 */
public final class ClientKey {
  /** The agent itself, and callers who do not say where a request came from. */
  public static final ClientKey AGENT = new ClientKey(Kind.AGENT, "", "");

  private enum Kind {
    POD,
    TOKEN,
    ADDRESS,
    AGENT
  }

  /** So that a pod cannot be named like an address. */
  private final Kind kind;

  private final String cluster;
  private final Object id;

  private ClientKey(Kind kind, String cluster, Object id) {
    this.kind = kind;
    this.cluster = cluster;
    this.id = id;
  }

  /** The pod that a token names, or that very token if it is bound to no pod. */
  public static ClientKey of(ServiceAccountToken token) {
    @Nullable PodRef pod = token.pod().orElse(null);
    return pod == null
        ? new ClientKey(Kind.TOKEN, "", token.value())
        : new ClientKey(Kind.POD, token.issuer(), pod.uid());
  }

  /** Whatever is at this address. */
  public static ClientKey at(InetAddress address) {
    return new ClientKey(Kind.ADDRESS, "", address);
  }

  /** Whether it is a pod. */
  public boolean isPod() {
    return kind == Kind.POD;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClientKey that
        && kind == that.kind
        && id.equals(that.id)
        && cluster.equals(that.cluster);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(id);
  }

  /** The pod's UID or the address. */
  @Override
  public String toString() {
    return switch (kind) {
      case POD -> id.toString();
      case TOKEN -> "a token without a pod";
      case ADDRESS -> ((InetAddress) id).getHostAddress();
      case AGENT -> "the agent";
    };
  }
}
