package dev.podidentity.awssdk.eksauth;

import static java.util.Objects.requireNonNull;

import dev.podidentity.schedule.Ticker;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The AWS credentials that the agent itself asks EKS Auth with. They never come from a container
 * credentials provider: on its node, that is the agent. Thread-safe. {@code toString} shows where
 * they come from and no credentials.
 */
public final class NodeCredentials implements AwsCredentialsProvider, SdkAutoCloseable {
  private final AwsCredentialsProvider source;
  private final String description;
  private final String remedy;
  private final Supplier<Optional<String>> problem;

  private NodeCredentials(
      AwsCredentialsProvider source,
      String description,
      String remedy,
      Supplier<Optional<String>> problem) {
    this.source = source;
    this.description = description;
    this.remedy = remedy;
    this.problem = problem;
  }

  /**
   * The AWS SDK's default chain without its container provider: system properties, environment
   * variables, a web identity token, the profile of the shared files, the instance's role.
   */
  public static NodeCredentials defaultChain() {
    var chain = new DefaultChain();
    return new NodeCredentials(
        chain,
        "the AWS SDK's default chain",
        "give the node a role that the instance metadata service offers, or set AWS_ACCESS_KEY_ID"
            + " and AWS_SECRET_ACCESS_KEY, or AWS_SHARED_CREDENTIALS_FILE and AWS_PROFILE (a file"
            + " that something else rotates: --rotate-credentials)",
        chain::problem);
  }

  /**
   * The shared credentials file that the environment names, read again as {@link #rotatedFile(Path,
   * String, Clock)} says: {@code AWS_SHARED_CREDENTIALS_FILE}, or {@code ~/.aws/credentials}; the
   * profile {@code AWS_PROFILE}, or {@code default}.
   */
  public static NodeCredentials rotatedFile() {
    return rotatedFile(
        SharedFiles.credentialsFile(),
        ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow(),
        Clock.systemUTC());
  }

  /**
   * A shared credentials file that something else rotates, as on hybrid nodes, and no other source:
   * what the file had last is used on while it is missing, half-written or otherwise of no use. It
   * is looked at when credentials are asked for: once a minute, or once a second while something is
   * wrong with it, which the log says once. New content counts once the file has been left alone
   * for 2 seconds, or for a minute if its last line has no end: what is half-written looks whole.
   *
   * @param file the file
   * @param profile the profile in it, which must hold its keys itself
   * @param clock the time
   */
  public static NodeCredentials rotatedFile(Path file, String profile, Clock clock) {
    return rotatedFile(file, profile, clock, Ticker.system());
  }

  /**
   * The same.
   *
   * @param ticker measures when the file is looked at again, and for how long it has been left
   *     alone
   */
  public static NodeCredentials rotatedFile(Path file, String profile, Clock clock, Ticker ticker) {
    return new NodeCredentials(
        new RotatedFile(
            new SharedCredentialsFile(
                requireNonNull(file, "file"), requireNonNull(profile, "profile")),
            requireNonNull(clock, "clock"),
            requireNonNull(ticker, "ticker")),
        "the profile '" + profile + "' of " + file,
        "with --rotate-credentials they come from the shared credentials file alone: check that"
            + " AWS_SHARED_CREDENTIALS_FILE and AWS_PROFILE name a file and a profile with keys",
        Optional::empty);
  }

  /**
   * The credentials as they are now.
   *
   * @throws NodeCredentialsException if there are none; the message says where they could come from
   */
  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return source.resolveCredentials();
    } catch (SdkClientException e) {
      throw new NodeCredentialsException(
          "The agent has no AWS credentials of its own: "
              + problem.get().map(what -> "correct " + what + ", or ").orElse("")
              + remedy,
          e);
    }
  }

  @Override
  public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
    return CompletableFuture.completedFuture(resolveCredentials());
  }

  @Override
  public void close() {
    if (source instanceof SdkAutoCloseable closeable) {
      closeable.close();
    }
  }

  @Override
  public String toString() {
    return "NodeCredentials[" + description + "]";
  }
}
