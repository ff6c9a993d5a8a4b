package dev.podidentity.credential;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;

/**
 * What a pod asks, as it came off the wire: nothing here has been checked. {@code toString} leaves
 * the token out.
 *
 * @param targetHost the host that the client addressed, from the {@code Host} header, with or
 *     without a port
 * @param token the text of the {@code Authorization} header
 * @param client the address that the request came from
 */
public record CredentialRequest(String targetHost, String token, InetAddress client) {
  /** A request; the texts may be empty. */
  public CredentialRequest {
    requireNonNull(targetHost, "targetHost");
    requireNonNull(token, "token");
    requireNonNull(client, "client");
  }

  @Override
  public String toString() {
    return "CredentialRequest[to " + targetHost + ", from " + client.getHostAddress() + "]";
  }
}
