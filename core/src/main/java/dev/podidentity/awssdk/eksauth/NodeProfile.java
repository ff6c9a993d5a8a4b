package dev.podidentity.awssdk.eksauth;

import java.util.HashSet;
import java.util.Optional;
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

  private final ProfileCredentialsProvider profile = ProfileCredentialsProvider.create();

  @Override
  public AwsCredentials resolveCredentials() {
    refuseContainer(
        ProfileFile.defaultProfileFile(),
        ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow());
    return profile.resolveCredentials();
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
