package dev.podidentity.association;

/** What the members of one association must be to each other. */
final class AssociationRules {
  private AssociationRules() {}

  static void requireConsistent(PodIdentityAssociation association) {
    requireRoleInClustersAccount(association);
    association.targetRoleArn().ifPresent(target -> requirePartition(association, target));
    if (association.targetRoleArn().isPresent() != association.externalId().isPresent()) {
      throw new IllegalArgumentException(
          "A target role and its external id go together: set both or neither");
    }
    if (association.policy().isPresent() && !association.disableSessionTags()) {
      throw new IllegalArgumentException(
          "A policy needs the session tags off: set disableSessionTags to true");
    }
  }

  private static void requireRoleInClustersAccount(PodIdentityAssociation association) {
    ClusterArn cluster = association.cluster();
    RoleArn role = association.roleArn();
    requirePartition(association, role);
    if (!role.accountId().equals(cluster.accountId())) {
      throw new IllegalArgumentException(
          "Role "
              + role
              + " is not in account "
              + cluster.accountId()
              + ", which cluster "
              + cluster.name()
              + " is in: take a role of that account, and make this one the target role");
    }
  }

  private static void requirePartition(PodIdentityAssociation association, RoleArn role) {
    ClusterArn cluster = association.cluster();
    if (!role.partition().equals(cluster.partition())) {
      throw new IllegalArgumentException(
          "Role "
              + role
              + " is not in partition "
              + cluster.partition()
              + ", which cluster "
              + cluster.name()
              + " is in: no role is assumed across partitions");
    }
  }
}
