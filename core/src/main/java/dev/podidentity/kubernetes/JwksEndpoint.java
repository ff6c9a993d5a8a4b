package dev.podidentity.kubernetes;

import static java.util.Objects.requireNonNull;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.http.BodyLimits;
import dev.podidentity.http.HttpReply;
import dev.podidentity.http.HttpRequest;
import dev.podidentity.http.HttpRequests;
import dev.podidentity.http.NetworkCause;
import dev.podidentity.token.JwksSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's public signing keys, at a URL. Whoever answers decides which tokens are genuine:
 * https, but for loopback. Asked without a proxy and without redirects, 5 s and 256 KiB at most.
 * Thread-safe.
 */
public final class JwksEndpoint implements JwksSource {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int MAX_BYTES = 256 * 1024;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  private final URI uri;
  private final @Nullable Path caFile;
  private final Headers headers;

  /** What is sent along with a request. */
  @FunctionalInterface
  interface Headers {
    Map<String, String> read() throws IOException;
  }

  private JwksEndpoint(URI uri, @Nullable Path caFile, Headers headers) {
    this.uri = uri;
    this.caFile = caFile;
    this.headers = headers;
  }

  /**
   * Keys that anybody may read, such as those of a cluster's public issuer.
   *
   * @param uri where the JWK Set is
   * @param caFile the only certificates that are trusted, in PEM, read again at each fetch; empty
   *     trusts whom the JVM trusts
   * @throws IllegalArgumentException if the keys' authenticity would rest on nothing
   */
  public static JwksEndpoint of(URI uri, Optional<Path> caFile) {
    return of(uri, caFile, Map::of);
  }

  static JwksEndpoint of(URI uri, Optional<Path> caFile, Headers headers) {
    requireNonNull(uri, "uri");
    if (uri.getHost() == null || !isAuthentic(uri)) {
      throw new IllegalArgumentException(
          "keys come over https, or over http from a loopback address, and not from '" + uri + "'");
    }
    return new JwksEndpoint(uri, caFile.orElse(null), headers);
  }

  private static boolean isAuthentic(URI uri) {
    return "https".equalsIgnoreCase(uri.getScheme())
        || ("http".equalsIgnoreCase(uri.getScheme())
            && IpLiteral.parse(uri.getHost()).filter(InetAddress::isLoopbackAddress).isPresent());
  }

  @Override
  public String fetch() throws IOException {
    try (var requests =
        new HttpRequests(CONNECT_TIMEOUT, BodyLimits.withoutErrors(MAX_BYTES), trusted())) {
      HttpReply reply = requests.send(HttpRequest.of("GET", uri, headers.read()), TIMEOUT);
      if (!reply.isOk()) {
        throw new IOException(
            uri + " answered " + reply.status() + " in place of keys" + remedy(reply.status()));
      }
      return reply.text();
    } catch (IOException e) {
      String cause = NetworkCause.describe(e).orElse(null);
      throw cause == null ? e : new IOException(uri + " cannot be read, since " + cause, e);
    }
  }

  private static String remedy(int status) {
    return switch (status) {
      case UNAUTHORIZED -> ": it does not accept the agent's own service account token";
      case FORBIDDEN ->
          ": bind the cluster role system:service-account-issuer-discovery to the agent's service"
              + " account";
      default -> "";
    };
  }

  private Supplier<SSLSocketFactory> trusted() throws IOException {
    if (caFile == null) {
      return HttpRequests::trustedByTheJvm;
    }
    SSLSocketFactory pinned = PinnedAuthority.trusting(caFile);
    return () -> pinned;
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
