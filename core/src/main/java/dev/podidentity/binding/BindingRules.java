package dev.podidentity.binding;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The addresses that the agent listens on, and with them the only hosts that a request may be
 * addressed to: a browser or an SDK that was led here under another name (DNS rebinding, a proxy)
 * is refused. Immutable.
 */
public final class BindingRules {
  /** The IPv4 address at which EKS puts the agent. */
  public static final String DEFAULT_IPV4 = "169.254.170.23";

  /** The IPv6 address at which EKS puts the agent. */
  public static final String DEFAULT_IPV6 = "[fd00:ec2::23]";

  private static final Pattern WITH_PORT =
      Pattern.compile("(?<host>\\[[^\\[\\]]*\\]|[^:\\[\\]]*)(:(?<port>[0-9]{0,5}))?");

  private static final int MAX_PORT_DIGITS = 5;

  private final List<BindHost> hosts;
  private final Set<InetAddress> addresses;

  /** How the addresses are written most often: needs no parsing. */
  private final Set<String> usualTexts;

  private BindingRules(List<BindHost> hosts) {
    this.hosts = List.copyOf(hosts);
    this.addresses = hosts.stream().map(BindHost::address).collect(Collectors.toUnmodifiableSet());
    this.usualTexts =
        addresses.stream().map(IpLiteral::format).collect(Collectors.toUnmodifiableSet());
  }

  /** {@value #DEFAULT_IPV4} and {@value #DEFAULT_IPV6}, both required. */
  public static BindingRules defaults() {
    return parse(List.of(DEFAULT_IPV4, DEFAULT_IPV6));
  }

  /**
   * Rules for these addresses.
   *
   * @throws IllegalArgumentException if there are none, or one is named twice
   */
  public static BindingRules of(List<BindHost> hosts) {
    requireNonNull(hosts, "hosts");
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException(
          "the agent needs an address to listen on, such as " + DEFAULT_IPV4);
    }
    var seen = new HashSet<InetAddress>();
    for (BindHost host : hosts) {
      if (!seen.add(host.address())) {
        throw new IllegalArgumentException(
            IpLiteral.format(host.address()) + " is given twice: name each address once");
      }
    }
    return new BindingRules(hosts);
  }

  /**
   * Rules from texts as {@link BindHost#parse} reads them.
   *
   * @throws IllegalArgumentException if one is no address, there are none, or one is named twice
   */
  public static BindingRules parse(List<String> texts) {
    var hosts = new ArrayList<BindHost>();
    for (String text : texts) {
      hosts.add(BindHost.parse(text));
    }
    return of(hosts);
  }

  /** The addresses, in the order given. */
  public List<BindHost> hosts() {
    return hosts;
  }

  /**
   * Whether a request that was addressed to this host is one for the agent. Any textual form of a
   * bound address is accepted, with or without a port; names never are, and are not looked up.
   *
   * @param host a {@code Host} header's value or a URI's authority
   */
  public boolean accepts(String host) {
    if (isUsual(requireNonNull(host, "host"))) {
      return true;
    }
    Matcher split = WITH_PORT.matcher(host);
    String address = split.matches() ? split.group("host") : host;
    return usualTexts.contains(address)
        || IpLiteral.parse(address).filter(addresses::contains).isPresent();
  }

  private boolean isUsual(String host) {
    int end = host.length();
    while (end > 0 && host.length() - end < MAX_PORT_DIGITS && isDigit(host.charAt(end - 1))) {
      end--;
    }
    boolean hasPort = end > 0 && end < host.length() && host.charAt(end - 1) == ':';
    return usualTexts.contains(hasPort ? host.substring(0, end - 1) : host);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  @Override
  public String toString() {
    return hosts.stream().map(BindHost::toString).collect(Collectors.joining(", "));
  }
}
