package dev.podidentity.server.http;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Set;

/**
 * Tells requests that a browser sent for a page of another site. A page can send many requests
 * without asking first (no preflight, Fetch standard, section 4.8), and the browser says where the
 * page came from: in {@code Origin} (RFC 6454, section 7) and in {@code Sec-Fetch-Site} (Fetch
 * Metadata). AWS SDKs, kubelets and Prometheus send neither.
 */
public final class CrossSite {
  private static final Set<String> OWN = Set.of("none", "same-origin");

  private CrossSite() {}

  /** Whether a page of another origin sent the request with these headers. */
  public static boolean sent(Headers request) {
    List<String> origins = request.getOrDefault("Origin", List.of());
    List<String> sites = request.getOrDefault("Sec-Fetch-Site", List.of());
    String host = request.getFirst("Host");
    boolean ownOrigins =
        origins.isEmpty()
            || (host != null && origins.stream().allMatch(origin -> isOrigin(origin, host)));
    return !ownOrigins || !OWN.containsAll(sites);
  }

  // An origin names no default port, and neither does the Host of the same page.
  private static boolean isOrigin(String origin, String host) {
    return origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host);
  }
}
