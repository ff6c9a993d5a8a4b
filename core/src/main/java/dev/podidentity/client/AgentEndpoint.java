package dev.podidentity.client;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.pod.PodFailureReason;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the agent is asked, and the rules on where that may be. Over plain {@code http} only IP
 * literals that lead to this node are taken: a name could be made to resolve elsewhere between this
 * check and the connection. {@code localhost} is taken as {@code 127.0.0.1} and never looked up.
 */
public final class AgentEndpoint {
  private static final Set<InetAddress> NODE_ADDRESSES =
      Stream.of("169.254.170.2", "169.254.170.23", "fd00:ec2::23")
          .map(literal -> IpLiteral.parse(literal).orElseThrow())
          .collect(Collectors.toUnmodifiableSet());
  private static final InetAddress LOCALHOST = IpLiteral.parse("127.0.0.1").orElseThrow();
  private static final int HTTP_PORT = 80;
  private static final int HTTPS_PORT = 443;
  private static final int MAX_PORT = 65_535;

  private final boolean tls;
  private final String host;
  private final int port;
  private final String authority;
  private final String target;
  private final @Nullable InetAddress address;

  private AgentEndpoint(URI uri, boolean tls, String host, @Nullable InetAddress address) {
    this.tls = tls;
    this.host = host;
    this.address = address;
    this.port = uri.getPort() >= 0 ? uri.getPort() : tls ? HTTPS_PORT : HTTP_PORT;
    this.authority = uri.getPort() >= 0 ? host + ":" + port : host;
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    this.target = uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
  }

  private AgentEndpoint(AgentEndpoint agent, String target) {
    this.tls = agent.tls;
    this.host = agent.host;
    this.address = agent.address;
    this.port = agent.port;
    this.authority = agent.authority;
    this.target = target;
  }

  /**
   * Reads and checks an endpoint.
   *
   * @param text a URI
   * @param origin who gave it: a variable or a setting
   * @throws AgentFailure if it is none that a token is sent to
   */
  public static AgentEndpoint parse(String text, String origin) {
    URI uri = uri(text, origin);
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    boolean tls = scheme.equals("https");
    String host = uri.getHost();
    if ((!tls && !scheme.equals("http")) || host == null) {
      throw unusable(origin, "is no http or https URI with a host");
    }
    if (uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
      throw unusable(origin, "has a user or a fragment, which an agent's URI never has");
    }
    if (uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
      throw unusable(origin, "names a port that does not exist");
    }
    Optional<InetAddress> literal = literal(host);
    if (!tls && literal.filter(AgentEndpoint::isOnThisNode).isEmpty()) {
      throw unusable(
          origin,
          "names the host '"
              + host
              + "', to which no token is sent over http: allowed are loopback addresses,"
              + " 169.254.170.2, 169.254.170.23 and [fd00:ec2::23]; anything else needs https");
    }
    return new AgentEndpoint(uri, tls, host, literal.orElse(null));
  }

  private static URI uri(String text, String origin) {
    try {
      return new URI(new URI(text).toASCIIString());
    } catch (URISyntaxException e) {
      // The cause is left out: it quotes the text, which may hold a password.
      throw unusable(origin, "is no URI");
    }
  }

  private static Optional<InetAddress> literal(String host) {
    return host.equalsIgnoreCase("localhost") ? Optional.of(LOCALHOST) : IpLiteral.parse(host);
  }

  private static boolean isOnThisNode(InetAddress address) {
    return address.isLoopbackAddress() || NODE_ADDRESSES.contains(address);
  }

  private static AgentFailure unusable(String origin, String what) {
    return AgentFailure.lasting(
        PodFailureReason.NOT_CONFIGURED,
        origin + " " + what,
        "on EKS it is http://169.254.170.23/v1/credentials");
  }

  /** The same agent, asked for something else. */
  public AgentEndpoint at(String path) {
    return new AgentEndpoint(this, path);
  }

  /** Whether it is asked over https. */
  public boolean tls() {
    return tls;
  }

  /** The host as it was written, with brackets around IPv6. */
  public String host() {
    return host;
  }

  boolean isIpv6() {
    return address instanceof Inet6Address;
  }

  /** The port, which may be the default of the scheme. */
  public int port() {
    return port;
  }

  /** Host and port as they stand in a {@code Host} header. */
  public String authority() {
    return authority;
  }

  /** Path and query, encoded. */
  public String target() {
    return target;
  }

  /** The address to connect to; only a name over https is looked up. */
  public InetSocketAddress resolve() throws UnknownHostException {
    return new InetSocketAddress(address != null ? address : InetAddress.getByName(host), port);
  }

  @Override
  public String toString() {
    return (tls ? "https://" : "http://") + authority;
  }
}
