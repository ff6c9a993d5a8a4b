package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The ARN of an association: its cluster, and its id in it. Prints as EKS writes it.
 *
 * @param cluster the cluster that the association is in
 * @param associationId {@code a-} and 17 lower-case letters and digits
 */
public record AssociationArn(ClusterArn cluster, String associationId) {
  private static final String ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 17;
  private static final Pattern ID = Pattern.compile("a-[a-z0-9]{" + ID_LENGTH + "}");
  private static final Pattern FORM =
      Pattern.compile(
          "arn:(?<partition>[^:]*):eks:(?<region>[^:]*):(?<account>[^:]*)"
              + ":podidentityassociation/(?<cluster>[^/]*)/(?<id>.*)");

  /**
   * Names an association.
   *
   * @throws IllegalArgumentException if the id has another form
   */
  public AssociationArn {
    requireNonNull(cluster, "cluster");
    if (!ID.matcher(requireNonNull(associationId, "associationId")).matches()) {
      throw new IllegalArgumentException(
          "'"
              + associationId
              + "' is no association id: it is 'a-' and 17 lower-case letters and digits");
    }
  }

  /** A new name in a cluster; 36 to the power of 17 of them do not repeat. */
  static AssociationArn random(ClusterArn cluster, RandomGenerator random) {
    var id = new StringBuilder("a-");
    random.ints(ID_LENGTH, 0, ID_ALPHABET.length()).forEach(i -> id.append(ID_ALPHABET.charAt(i)));
    return new AssociationArn(cluster, id.toString());
  }

  /**
   * Reads an ARN such as {@code
   * arn:aws:eks:us-west-2:111122223333:podidentityassociation/my-cluster/a-abcdefghijklmnop1}.
   *
   * @throws IllegalArgumentException if the text is not the ARN of an association
   */
  public static AssociationArn parse(String text) {
    Matcher form = FORM.matcher(requireNonNull(text, "text"));
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not the ARN of a pod identity association");
    }
    var cluster =
        new ClusterArn(
            form.group("partition"),
            form.group("region"),
            form.group("account"),
            form.group("cluster"));
    return new AssociationArn(cluster, form.group("id"));
  }

  @Override
  public String toString() {
    return "arn:"
        + cluster.partition()
        + ":eks:"
        + cluster.region()
        + ":"
        + cluster.accountId()
        + ":podidentityassociation/"
        + cluster.name()
        + "/"
        + associationId;
  }
}
