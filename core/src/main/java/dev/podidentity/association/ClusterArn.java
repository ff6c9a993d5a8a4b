package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ARN of an EKS cluster: what tells it from every other. Prints as EKS writes it.
 *
 * @param partition the partition of the region
 * @param region the AWS region
 * @param accountId twelve digits
 * @param name 1 to 100 letters, digits, hyphens and underscores; the first is a letter or a digit
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html">
 *     CreateCluster</a>
 */
public record ClusterArn(String partition, String region, String accountId, String name) {
  private static final Pattern NAME = Pattern.compile("[0-9A-Za-z][A-Za-z0-9_-]{0,99}");
  private static final Pattern ACCOUNT = Pattern.compile("[0-9]{12}");
  private static final Pattern FORM =
      Pattern.compile(
          "arn:(?<partition>[^:]*):eks:(?<region>[^:]*):(?<account>[^:]*):cluster/(?<name>.*)");

  /**
   * Names a cluster.
   *
   * @throws IllegalArgumentException if a part breaks its rule, or the region is in another
   *     partition
   */
  public ClusterArn {
    require(
        AwsPartitions.isRegion(requireNonNull(region, "region")),
        "'" + region + "' is no AWS region: it looks like us-west-2");
    require(
        AwsPartitions.ofRegion(region).equals(requireNonNull(partition, "partition")),
        "Region " + region + " is not in partition '" + partition + "'");
    require(
        ACCOUNT.matcher(requireNonNull(accountId, "accountId")).matches(),
        "'" + accountId + "' is no AWS account: it has twelve digits");
    require(
        NAME.matcher(requireNonNull(name, "name")).matches(),
        "'"
            + name
            + "' is no cluster name: 1 to 100 of A-Z, a-z, 0-9, '-' and '_', starting with a letter"
            + " or a digit");
  }

  /**
   * The cluster of this name, in the partition of its region.
   *
   * @throws IllegalArgumentException if a part breaks its rule
   */
  public static ClusterArn of(String region, String accountId, String name) {
    return new ClusterArn(AwsPartitions.ofRegion(region), region, accountId, name);
  }

  /**
   * Reads an ARN such as {@code arn:aws:eks:us-west-2:111122223333:cluster/my-cluster}.
   *
   * @throws IllegalArgumentException if the text is not the ARN of a cluster
   */
  public static ClusterArn parse(String text) {
    Matcher form = FORM.matcher(requireNonNull(text, "text"));
    require(form.matches(), "'" + text + "' is not the ARN of an EKS cluster");
    return new ClusterArn(
        form.group("partition"), form.group("region"), form.group("account"), form.group("name"));
  }

  private static void require(boolean rule, String message) {
    if (!rule) {
      throw new IllegalArgumentException(message);
    }
  }

  @Override
  public String toString() {
    return "arn:" + partition + ":eks:" + region + ":" + accountId + ":cluster/" + name;
  }
}
