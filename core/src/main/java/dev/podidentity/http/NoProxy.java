package dev.podidentity.http;

import static java.util.Objects.requireNonNull;

import dev.podidentity.binding.IpLiteral;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The hosts that are asked without a proxy, as far as all programs agree on it: names, their
 * endings, addresses, each with a port or without, and {@code *}. Ranges of addresses are left out:
 * some programs know them and others do not. Immutable, thread-safe.
 */
public final class NoProxy {
  private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

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
    return isSame(entry, host)
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
}
