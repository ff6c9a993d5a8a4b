package dev.podidentity.awssdk.eksauth;

import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The profile of the shared files, unless it takes its credentials from a container provider: on
 * this node that is the agent.
 */
final class NodeProfile implements AwsCredentialsProvider, SdkAutoCloseable {
  private static final String CONTAINER = "EcsContainer";

  private static final Logger log = LoggerFactory.getLogger(NodeProfile.class);

  private final SharedFiles files;
  private final String name;
  private final ProfileCredentialsProvider profile;
  private final AtomicReference<Optional<String>> told = new AtomicReference<>(Optional.empty());

  NodeProfile(SharedFiles files) {
    this.files = files;
    this.name = ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow();
    this.profile =
        ProfileCredentialsProvider.builder().profileFile(files).profileName(name).build();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    refuseContainer(files.get(), name);
    try {
      AwsCredentials credentials = profile.resolveCredentials();
      told.set(Optional.empty());
      return credentials;
    } catch (RuntimeException e) {
      // Half of a pair of keys is an IllegalArgumentException.
      tellOnce(problem());
      throw e;
    }
  }

  /** What is wrong with the lines of the profile, with file and line; empty for nothing. */
  Optional<String> problem() {
    return files.problem(name);
  }

  private void tellOnce(Optional<String> problem) {
    if (!problem.equals(told.getAndSet(problem))) {
      problem.ifPresent(
          what ->
              log.atWarn()
                  .addKeyValue("reason", what)
                  .log("The profile '" + name + "' of the shared files cannot be read whole"));
    }
  }

  private static void refuseContainer(ProfileFile file, String first) {
    var seen = new HashSet<String>();
    Optional<Profile> next = file.profile(first);
    while (next.isPresent() && seen.add(next.get().name())) {
      Profile profile = next.get();
      if (profile.property("credential_source").filter(CONTAINER::equalsIgnoreCase).isPresent()) {
        throw SdkClientException.create(
            "The profile '"
                + profile.name()
                + "' has credential_source = "
                + CONTAINER
                + ", which would make the agent ask itself: give it another source");
      }
      next = profile.property("source_profile").flatMap(file::profile);
    }
  }

  @Override
  public void close() {
    profile.close();
  }
}
