package dev.podidentity.binding;

import static java.util.Objects.requireNonNull;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads IP addresses as text, and never asks DNS. */
public final class IpLiteral {
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern IPV4 = Pattern.compile(OCTET + "(\\." + OCTET + "){3}");
  private static final Pattern IPV6_CHARACTERS = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

  private IpLiteral() {}

  /**
   * Reads an IPv4 address of four decimal parts, or an IPv6 address in any of its textual forms
   * (RFC 4291, section 2.2), with or without brackets. Everything else is empty: names, zones, IPv4
   * in other bases or with fewer parts, and IPv4 that is mapped into IPv6.
   */
  public static Optional<InetAddress> parse(String text) {
    requireNonNull(text, "text");
    boolean bracketed = text.length() > 1 && text.startsWith("[") && text.endsWith("]");
    String address = bracketed ? text.substring(1, text.length() - 1) : text;
    if (!bracketed && IPV4.matcher(address).matches()) {
      return Optional.of(resolve(address));
    }
    boolean ipv6 = address.indexOf(':') >= 0 && IPV6_CHARACTERS.matcher(address).matches();
    return ipv6 ? ipv6(address) : Optional.empty();
  }

  private static Optional<InetAddress> ipv6(String address) {
    try {
      // In brackets, the JDK takes an IPv6 literal or nothing: a name is not looked up.
      InetAddress parsed = InetAddress.getByName("[" + address + "]");
      return Optional.of(parsed).filter(Inet6Address.class::isInstance);
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  private static InetAddress resolve(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new AssertionError("four decimal parts are an address", e);
    }
  }

  /** The address as it stands in a URL: IPv6 in brackets, and in the short form of RFC 5952. */
  public static String format(InetAddress address) {
    return address instanceof Inet6Address ipv6
        ? "[" + Rfc5952.format(ipv6) + "]"
        : address.getHostAddress();
  }
}
