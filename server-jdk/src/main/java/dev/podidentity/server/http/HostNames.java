package dev.podidentity.server.http;

import com.sun.net.httpserver.Headers;
import dev.podidentity.binding.IpLiteral;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The hosts that a request may be addressed to: {@code localhost}, any IP address, and the names
 * that were given. A web page can have its own name lead to this machine (DNS rebinding); the
 * browser then sends that name. Immutable.
 */
public final class HostNames {
  private static final Pattern WITH_PORT =
      Pattern.compile("(?<host>\\[[^\\[\\]]*\\]|[^:\\[\\]]+)(:[0-9]{1,5})?");

  private final Set<String> names;

  private HostNames(Set<String> names) {
    this.names = names;
  }

  /** These names, in addition to {@code localhost} and IP addresses; compared without case. */
  public static HostNames of(Collection<String> names) {
    return new HostNames(
        Stream.concat(Stream.of("localhost"), names.stream())
            .map(name -> name.toLowerCase(Locale.ROOT))
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** Whether a request with these headers names one such host, once; the port may be any. */
  public boolean accepts(Headers request) {
    List<String> hosts = request.get("Host");
    return hosts != null && hosts.size() == 1 && accepts(hosts.get(0));
  }

  private boolean accepts(String header) {
    Matcher split = WITH_PORT.matcher(header);
    if (!split.matches()) {
      return false;
    }
    String host = split.group("host");
    return names.contains(host.toLowerCase(Locale.ROOT)) || IpLiteral.parse(host).isPresent();
  }
}
