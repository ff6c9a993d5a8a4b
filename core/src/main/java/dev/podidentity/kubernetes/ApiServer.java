package dev.podidentity.kubernetes;

import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.JwksSource;
import dev.podidentity.token.ServiceAccountToken;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The API server of the cluster that this process runs in, as Kubernetes tells a pod of it: two
 * environment variables, and a folder with a certificate authority and a service account token.
 * Both files are read again at each use, since the kubelet replaces them. Immutable, thread-safe.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/run-application/access-api-from-pod/">Accessing
 *     the Kubernetes API from a Pod</a>
 */
public final class ApiServer {
  /** Where Kubernetes mounts a pod's own service account. */
  public static final Path DEFAULT_FOLDER =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private static final String HOST = "KUBERNETES_SERVICE_HOST";
  private static final String PORT = "KUBERNETES_SERVICE_PORT";
  private static final String HTTPS_PORT = "443";
  private static final long MAX_TOKEN_BYTES = ServiceAccountToken.MAX_LENGTH + 2L;

  private final URI uri;
  private final Path caFile;
  private final Path tokenFile;

  private ApiServer(URI uri, Path caFile, Path tokenFile) {
    this.uri = uri;
    this.caFile = caFile;
    this.tokenFile = tokenFile;
  }

  /**
   * Finds the API server.
   *
   * @param environment the process' environment
   * @param folder where the service account is mounted, {@link #DEFAULT_FOLDER} as a rule
   * @return empty if the variables or the files are not there
   */
  public static Optional<ApiServer> find(Map<String, String> environment, Path folder) {
    String host = environment.getOrDefault(HOST, "");
    Path caFile = folder.resolve("ca.crt");
    Path tokenFile = folder.resolve("token");
    if (host.isEmpty() || !Files.isReadable(caFile) || !Files.isReadable(tokenFile)) {
      return Optional.empty();
    }
    return uri(host, environment.getOrDefault(PORT, HTTPS_PORT))
        .map(uri -> new ApiServer(uri, caFile, tokenFile));
  }

  private static Optional<URI> uri(String host, String port) {
    try {
      String authority = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
      return Optional.of(new URI("https://" + authority).parseServerAuthority());
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  /** Where it is, {@code https://host:port}. */
  public URI uri() {
    return uri;
  }

  /** The certificates that it is trusted by, in PEM. */
  public Path caFile() {
    return caFile;
  }

  /** The token of this process' own service account. */
  public Path tokenFile() {
    return tokenFile;
  }

  /**
   * The token as it is now.
   *
   * @throws IOException if there is none; the message never holds it
   */
  public String token() throws IOException {
    if (Files.size(tokenFile) > MAX_TOKEN_BYTES) {
      throw new IOException(tokenFile + " is longer than a service account token can be");
    }
    String token = Files.readString(tokenFile).strip();
    if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c <= '~')) {
      throw new IOException(tokenFile + " holds no service account token");
    }
    return token;
  }

  /**
   * The {@code iss} claim of the cluster's tokens, as this process' own token has it: the kubelet
   * has put it there.
   *
   * @throws IOException if the file holds no token
   */
  public String issuer() throws IOException {
    try {
      return ServiceAccountToken.parse(token()).issuer();
    } catch (InvalidTokenException e) {
      throw new IOException(tokenFile + " holds no service account token", e);
    }
  }

  /** The cluster's public signing keys, asked for with this process' own token. */
  public JwksSource keys() {
    return JwksEndpoint.of(uri.resolve("/openid/v1/jwks"), Optional.of(caFile), this::bearer);
  }

  private Map<String, String> bearer() throws IOException {
    return Map.of("Authorization", "Bearer " + token());
  }

  @Override
  public String toString() {
    return uri.toString();
  }
}
