package dev.podidentity.doctor;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.client.AgentEndpoint;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The hosts that are asked without a proxy, as far as all programs agree on it: names, their
 * endings, addresses, each with a port or without, and {@code *}. Ranges of addresses are left out:
 * some programs know them and others do not.
 */
final class NoProxy {
  private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

  private final String list;

  NoProxy(String list) {
    this.list = list;
  }

  boolean covers(AgentEndpoint endpoint) {
    return SEPARATOR
        .splitAsStream(list.strip().toLowerCase(Locale.ROOT))
        .filter(entry -> !entry.isEmpty())
        .anyMatch(entry -> covers(entry, endpoint));
  }

  private static boolean covers(String entry, AgentEndpoint endpoint) {
    if (entry.equals("*")) {
      return true;
    }
    String port = ":" + endpoint.port();
    String host = endpoint.host().toLowerCase(Locale.ROOT);
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
