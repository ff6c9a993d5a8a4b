package dev.podidentity.association;

import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which partition a region is in.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html">Amazon
 *     Resource Names</a>
 */
final class AwsPartitions {
  private static final String COMMERCIAL = "aws";
  private static final Pattern REGION = Pattern.compile("[a-z]{2,4}(-[a-z]{1,12}){1,3}-[0-9]{1,2}");
  private static final Map<String, String> BY_REGION_PREFIX =
      Map.of(
          "cn-", "aws-cn",
          "us-gov-", "aws-us-gov",
          "us-iso-", "aws-iso",
          "us-isob-", "aws-iso-b",
          "eu-isoe-", "aws-iso-e",
          "us-isof-", "aws-iso-f",
          "eusc-", "aws-eusc");

  private AwsPartitions() {}

  static boolean isRegion(String text) {
    return REGION.matcher(text).matches();
  }

  static String ofRegion(String region) {
    return BY_REGION_PREFIX.entrySet().stream()
        .filter(entry -> region.startsWith(entry.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(COMMERCIAL);
  }
}
