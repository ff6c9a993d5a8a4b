package dev.podidentity.addon;

import static java.util.Objects.requireNonNull;

import dev.podidentity.association.ClusterArn;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ARN of an add-on: its cluster, its name, and an id that no other add-on has had. Prints as
 * EKS writes it.
 *
 * @param cluster the cluster that the add-on is on
 * @param addonName the name, such as {@code eks-pod-identity-agent}
 * @param id a UUID
 */
public record AddonArn(ClusterArn cluster, String addonName, String id) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,99}");
  private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
  private static final Pattern FORM =
      Pattern.compile(
          "arn:(?<partition>[^:]*):eks:(?<region>[^:]*):(?<account>[^:]*)"
              + ":addon/(?<cluster>[^/]*)/(?<name>[^/]*)/(?<id>[^/]*)");

  /**
   * Names an add-on.
   *
   * @throws IllegalArgumentException if the name or the id has another form
   */
  public AddonArn {
    requireNonNull(cluster, "cluster");
    if (!NAME.matcher(requireNonNull(addonName, "addonName")).matches()) {
      throw new IllegalArgumentException(
          "'" + addonName + "' is no name of an add-on: it looks like eks-pod-identity-agent");
    }
    if (!ID.matcher(requireNonNull(id, "id")).matches()) {
      throw new IllegalArgumentException("'" + id + "' is no id of an add-on: it is a UUID");
    }
  }

  /**
   * Reads an ARN such as {@code
   * arn:aws:eks:us-west-2:111122223333:addon/my-cluster/eks-pod-identity-agent/74c33d2f-b4dc-8718-56e7-9fdfa65d14a9}.
   *
   * @throws IllegalArgumentException if the text is not the ARN of an add-on
   */
  public static AddonArn parse(String text) {
    Matcher form = FORM.matcher(requireNonNull(text, "text"));
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is not the ARN of an add-on");
    }
    var cluster =
        new ClusterArn(
            form.group("partition"),
            form.group("region"),
            form.group("account"),
            form.group("cluster"));
    return new AddonArn(cluster, form.group("name"), form.group("id"));
  }

  @Override
  public String toString() {
    return "arn:"
        + cluster.partition()
        + ":eks:"
        + cluster.region()
        + ":"
        + cluster.accountId()
        + ":addon/"
        + cluster.name()
        + "/"
        + addonName
        + "/"
        + id;
  }
}
