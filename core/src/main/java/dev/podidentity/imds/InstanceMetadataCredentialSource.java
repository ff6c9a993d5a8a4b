package dev.podidentity.imds;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.TokenFailures;
import dev.podidentity.http.HttpReply;
import dev.podidentity.http.NetworkCause;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.KeysUnavailableException;
import dev.podidentity.token.PodRef;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out the pod credentials that AWS delivers to an instance through its metadata service. The
 * service answers for any pod that it is asked about: a pod's UID is believed only from a token
 * that the verifier accepted, each time. Thread-safe.
 *
 * <p>Meant as the first source of a chain, for the pods that it {@link #offers}.
 */
public final class InstanceMetadataCredentialSource implements CredentialSource {
  /** The service's address on every instance. */
  public static final URI DEFAULT_ENDPOINT = URI.create("http://169.254.169.254");

  /** Its IPv6 address, where an instance has it on. */
  public static final URI IPV6_ENDPOINT = URI.create("http://[fd00:ec2::254]");

  /** How often {@link #refresh} is worth its while: AWS moves pods about. */
  public static final Duration REFRESH_INTERVAL = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(InstanceMetadataCredentialSource.class);

  private static final int NOT_FOUND = 404;
  private static final int TOO_MANY = 429;

  private final TokenVerifier verifier;
  private final MetadataReads metadata;
  private final PodFolders folders;
  private volatile Map<String, String> folderByUid = Map.of();
  private volatile boolean known;

  private InstanceMetadataCredentialSource(TokenVerifier verifier, URI endpoint, Ticker ticker) {
    this.verifier = requireNonNull(verifier, "verifier");
    this.metadata =
        new MetadataReads(requireNonNull(endpoint, "endpoint"), requireNonNull(ticker, "ticker"));
    this.folders = new PodFolders(metadata, ticker);
  }

  /**
   * A source that knows of no pod before its first {@link #refresh}.
   *
   * @param verifier says which tokens are the cluster's
   * @param endpoint where the service is, {@link #DEFAULT_ENDPOINT} as a rule
   * @param ticker measures limits on reads
   */
  public static InstanceMetadataCredentialSource of(
      TokenVerifier verifier, URI endpoint, Ticker ticker) {
    return new InstanceMetadataCredentialSource(verifier, endpoint, ticker);
  }

  /**
   * Reads anew which pods have credentials here; while that is not possible, what was read last
   * stays. Blocks for some seconds at most, and never throws.
   */
  public void refresh() {
    try {
      Map<String, String> before = folderByUid;
      folderByUid = folders.read(before);
      if (!known || before.isEmpty() != folderByUid.isEmpty()) {
        log.atInfo()
            .addKeyValue("pods", folderByUid.size())
            .log("The instance metadata service says which pods it has credentials for");
      }
      known = true;
    } catch (IOException | RuntimeException e) {
      if (known) {
        log.atWarn()
            .addKeyValue("cause", NetworkCause.describe(e).orElse(e.getMessage()))
            .log("The instance metadata service does not say which pods it has credentials for");
      }
      known = false;
    }
  }

  /** Whether there are credentials for the pod that this token is proved to be of. */
  public boolean offers(ServiceAccountToken token) {
    if (folderOf(token) == null) {
      return false;
    }
    try {
      verifier.verify(token);
      return true;
    } catch (InvalidTokenException | KeysUnavailableException e) {
      return false;
    }
  }

  private @Nullable String folderOf(ServiceAccountToken token) {
    return token.pod().map(PodRef::uid).map(folderByUid::get).orElse(null);
  }

  /**
   * The credentials of the pod that the token is of.
   *
   * @throws CredentialException if the token cannot be verified, or there are none
   */
  @Override
  public TemporaryCredentials fetch(ServiceAccountToken token) {
    verify(token);
    String folder = folderOf(token);
    PodRef pod = token.pod().orElse(null);
    if (folder == null || pod == null) {
      throw failure(FailureReason.RESOURCE_NOT_FOUND, "has no credentials", token, null);
    }
    return credentials(read(folder + "/security-credentials/" + pod.uid(), token), token);
  }

  private void verify(ServiceAccountToken token) {
    try {
      verifier.verify(token);
    } catch (InvalidTokenException e) {
      throw TokenFailures.toCredentialException(e);
    } catch (KeysUnavailableException e) {
      throw failure(
          FailureReason.SERVICE_UNAVAILABLE,
          "is not asked while the cluster's keys cannot be had",
          token,
          e);
    }
  }

  private byte[] read(String path, ServiceAccountToken token) {
    HttpReply reply;
    try {
      reply = metadata.read(path);
    } catch (SocketTimeoutException e) {
      throw failure(FailureReason.TIMED_OUT, "does not answer in time" + because(e), token, e);
    } catch (IOException e) {
      throw failure(FailureReason.UNREACHABLE, "cannot be read" + because(e), token, e);
    }
    return switch (reply.status()) {
      case HttpReply.OK -> reply.body();
      // Moved to another folder, which the next look will show.
      case NOT_FOUND ->
          throw failure(
              FailureReason.SERVICE_UNAVAILABLE, "has no credentials at this moment", token, null);
      case TOO_MANY -> throw failure(FailureReason.THROTTLED, "throttles", token, null);
      default ->
          throw failure(
              FailureReason.SERVICE_UNAVAILABLE, "answered " + reply.status(), token, null);
    };
  }

  private static String because(IOException e) {
    return NetworkCause.describe(e).map(cause -> " (" + cause + ")").orElse("");
  }

  static TemporaryCredentials credentials(byte[] body, ServiceAccountToken token) {
    try {
      ObjectNode json = StrictJson.readObject(body);
      return TemporaryCredentials.builder()
          .accessKeyId(required(json, "AccessKeyId"))
          .secretAccessKey(required(json, "SecretAccessKey"))
          .sessionToken(required(json, "Token"))
          .accountId(required(json, "AccountId"))
          .expiration(Instant.parse(required(json, "Expiration")))
          .issuer("instance metadata")
          .build();
    } catch (InvalidJsonException | IllegalArgumentException | DateTimeException e) {
      // The cause is left out: it could hold what must not be named.
      throw failure(FailureReason.INVALID_ANSWER, "gave credentials that are none", token, null);
    }
  }

  private static String required(ObjectNode json, String member) {
    String text = StrictJson.text(json, member);
    if (text == null || text.isEmpty()) {
      throw new IllegalArgumentException("no " + member);
    }
    return text;
  }

  private static CredentialException failure(
      FailureReason reason, String what, ServiceAccountToken token, @Nullable Exception cause) {
    return new CredentialException(
        reason,
        "The instance metadata service " + what + " for a pod of " + token.serviceAccount(),
        null,
        null,
        cause);
  }
}
