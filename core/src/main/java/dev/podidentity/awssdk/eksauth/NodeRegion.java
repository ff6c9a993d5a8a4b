package dev.podidentity.awssdk.eksauth;

import java.util.Map;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.AwsProfileRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProvider;
import software.amazon.awssdk.regions.providers.AwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.InstanceProfileRegionProvider;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;

/**
 * The AWS SDK's chain of region providers, with {@code AWS_DEFAULT_REGION} after {@code
 * AWS_REGION}, as botocore and the AWS SDK for Go have it.
 */
final class NodeRegion {
  private static final String VARIABLE = "AWS_DEFAULT_REGION";

  private NodeRegion() {}

  static AwsRegionProvider chain(Map<String, String> environment) {
    return new AwsRegionProviderChain(
        new SystemSettingsRegionProvider(),
        () -> ofTheVariable(environment),
        new AwsProfileRegionProvider(
            SharedFiles.ofTheNode(), ProfileFileSystemSetting.AWS_PROFILE.getStringValueOrThrow()),
        new InstanceProfileRegionProvider());
  }

  private static Region ofTheVariable(Map<String, String> environment) {
    String region = environment.getOrDefault(VARIABLE, "").strip();
    if (region.isEmpty()) {
      throw SdkClientException.create(VARIABLE + " is not set");
    }
    return Region.of(region);
  }
}
