package dev.podidentity.http;

import static java.util.Objects.requireNonNull;

import dev.podidentity.binding.IpLiteral;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The hosts that are asked without a proxy, as far as all programs agree on it: names, their
 * endings, addresses, each with a port or without, and {@code *}. An IPv6 address in brackets
 * counts with a port alone: Go and curl do not know it otherwise. Ranges of addresses are left out:
 * Go knows them, and other programs do not. Immutable, thread-safe.
 */
public final class NoProxy {
  private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,3}");

  private final String list;

  /** Reads what {@code NO_PROXY} says; empty for none. */
  public NoProxy(String list) {
    this.list = requireNonNull(list, "list");
  }

  /**
   * Whether a host is asked without a proxy.
   *
   * @param host a name or an address, with brackets or without
   * @param port the port that is asked
   */
  public boolean covers(String host, int port) {
    return SEPARATOR
        .splitAsStream(list.strip().toLowerCase(Locale.ROOT))
        .filter(entry -> !entry.isEmpty())
        .anyMatch(entry -> covers(entry, host.toLowerCase(Locale.ROOT), ":" + port));
  }

  private static boolean covers(String entry, String host, String port) {
    if (entry.equals("*")) {
      return true;
    }
    // In brackets it is no address for Go, but for its port.
    return (!entry.startsWith("[") && isSame(entry, host))
        || (entry.endsWith(port)
            && isSame(entry.substring(0, entry.length() - port.length()), host));
  }

  private static boolean isSame(String entry, String host) {
    Optional<?> address = IpLiteral.parse(host);
    if (address.isPresent()) {
      return address.equals(IpLiteral.parse(entry));
    }
    String ending = entry.startsWith("*.") ? entry.substring(1) : entry;
    return host.equals(ending) || host.endsWith(ending.startsWith(".") ? ending : "." + ending);
  }

  /**
   * Whether a range of addresses (CIDR) that holds the host is named. Go asks such a host without a
   * proxy.
   *
   * @param host a name or an address, with brackets or without
   */
  public boolean coversInARange(String host) {
    return IpLiteral.parse(host)
        .filter(
            address ->
                SEPARATOR
                    .splitAsStream(list.strip())
                    .anyMatch(entry -> holds(entry, address.getAddress())))
        .isPresent();
  }

  private static boolean holds(String range, byte[] address) {
    int slash = range.indexOf('/');
    if (slash <= 0
        || range.startsWith("[")
        || !LENGTH.matcher(range.substring(slash + 1)).matches()) {
      return false;
    }
    int length = Integer.parseInt(range.substring(slash + 1));
    byte[] network =
        IpLiteral.parse(range.substring(0, slash))
            .map(InetAddress::getAddress)
            .orElseGet(() -> new byte[0]);
    if (network.length != address.length || length > address.length * Byte.SIZE) {
      return false;
    }
    int rest = address.length * Byte.SIZE - length;
    return new BigInteger(1, network)
        .shiftRight(rest)
        .equals(new BigInteger(1, address).shiftRight(rest));
  }
}
