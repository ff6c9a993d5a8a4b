package dev.podidentity.examples.nodeagent;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.kubernetes.ApiServer;
import dev.podidentity.kubernetes.JwksEndpoint;
import dev.podidentity.token.JwksSettings;
import dev.podidentity.token.JwksSource;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** How the agent knows for itself that a pod's token is genuine, and the API server. */
final class TokenOptions {
  private static final Logger log = LoggerFactory.getLogger(TokenOptions.class);
  private static final String VERIFICATION = "--token-verification";
  private static final String KEYS_URL = "--token-keys-url";

  @Option(
      names = VERIFICATION,
      paramLabel = "auto|on|off",
      defaultValue = "auto",
      description =
          "Verify a pod's rotated token here, in place of asking EKS Auth about it again; auto:"
              + " where the cluster's keys are known (default: ${DEFAULT-VALUE}).")
  private Switch verification = Switch.AUTO;

  @Option(
      names = "--token-issuer",
      paramLabel = "ISSUER",
      description =
          "The 'iss' claim of the cluster's tokens (default: that of the agent's own service"
              + " account token).")
  private @Nullable String issuer;

  @Option(
      names = KEYS_URL,
      paramLabel = "URL",
      description =
          "Where the cluster's signing keys are (default: /openid/v1/jwks of the API server, with"
              + " the agent's own token).")
  private @Nullable URI keysUrl;

  @Option(
      names = "--token-keys-ca-file",
      paramLabel = "FILE",
      description =
          "The only certificates that this URL is trusted by, in PEM (default: whom Java trusts).")
  private @Nullable Path keysCaFile;

  @Option(
      names = "--token-keys-file",
      paramLabel = "FILE",
      description = "Keep the keys here, for a restart while the API server is away.")
  private @Nullable Path keysFile;

  @Option(
      names = "--service-account-dir",
      paramLabel = "FOLDER",
      description =
          "The agent's own service account: ca.crt and token (default:"
              + " /var/run/secrets/kubernetes.io/serviceaccount).")
  private Path serviceAccount = ApiServer.DEFAULT_FOLDER;

  /** The API server; empty if this is no pod with a service account. */
  Optional<ApiServer> apiServer(Map<String, String> environment) {
    return ApiServer.find(environment, serviceAccount);
  }

  /**
   * What verifies tokens; empty if that is not wanted, or not possible and not asked for.
   *
   * @throws BadFlagException if flags contradict each other, or what was asked for is not possible
   */
  Optional<TokenVerifier> verifier(Optional<ApiServer> apiServer, Clock clock) {
    if (keysUrl == null && keysCaFile != null) {
      throw new BadFlagException(
          "--token-keys-ca-file", "goes with " + KEYS_URL + ": the API server has its own");
    }
    JwksSettings settings = settings();
    if (verification == Switch.OFF) {
      return Optional.empty();
    }
    Optional<JwksSource> keys = keys(apiServer);
    Optional<String> iss = issuer(apiServer);
    if (keys.isPresent() && iss.isPresent()) {
      return Optional.of(
          new LazyVerifier(
              () ->
                  TokenVerifier.jwks(
                      iss.get(),
                      keys.get(),
                      clock,
                      PodIdentityAgent.DEFAULT_CLOCK_SKEW,
                      settings)));
    }
    if (keysUrl != null) {
      throw new BadFlagException(
          "--token-issuer", "is missing: with " + KEYS_URL + ", say whose tokens these keys sign");
    }
    if (verification == Switch.ON) {
      throw new BadFlagException(
          VERIFICATION,
          "is on, and the cluster's keys are not known: mount a service account token into this"
              + " pod, or set "
              + KEYS_URL
              + " and --token-issuer");
    }
    return Optional.empty();
  }

  private Optional<JwksSource> keys(Optional<ApiServer> apiServer) {
    URI url = keysUrl;
    return url == null
        ? apiServer.map(ApiServer::keys)
        : Optional.of(
            BadFlagException.check(
                KEYS_URL, () -> JwksEndpoint.of(url, Optional.ofNullable(keysCaFile))));
  }

  private Optional<String> issuer(Optional<ApiServer> apiServer) {
    if (issuer != null || apiServer.isEmpty()) {
      return Optional.ofNullable(issuer);
    }
    try {
      return Optional.of(apiServer.get().issuer());
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("cause", e.getMessage())
          .log("The cluster's issuer is not known: set --token-issuer");
      return Optional.empty();
    }
  }

  private JwksSettings settings() {
    if (keysFile == null) {
      return JwksSettings.defaults();
    }
    Path folder = keysFile.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new BadFlagException(
          "--token-keys-file", "is " + keysFile + ", in a folder that does not exist: make it");
    }
    return JwksSettings.builder().file(keysFile).build();
  }
}
