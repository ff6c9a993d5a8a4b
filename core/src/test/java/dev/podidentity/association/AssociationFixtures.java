package dev.podidentity.association;

import dev.podidentity.token.ServiceAccountRef;
import java.time.Instant;

/** What the tests of this package have in common. */
final class AssociationFixtures {
  static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  static final ClusterArn CLUSTER = ClusterArn.of("us-west-2", "111122223333", "my-cluster");
  static final RoleArn ROLE = RoleArn.parse("arn:aws:iam::111122223333:role/my-role");
  static final RoleArn OTHER_ROLE = RoleArn.parse("arn:aws:iam::111122223333:role/other-role");
  static final RoleArn TARGET = RoleArn.parse("arn:aws:iam::444455556666:role/target");
  static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");
  static final SessionPolicy POLICY =
      new SessionPolicy(
          "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:Get*\","
              + "\"Resource\":\"*\"}]}");

  private AssociationFixtures() {}

  static PodIdentityAssociationBuilder association() {
    return PodIdentityAssociation.builder()
        .associationArn(new AssociationArn(CLUSTER, "a-abcdefghijklmnop1"))
        .serviceAccount(ACCOUNT)
        .roleArn(ROLE)
        .createdAt(NOW);
  }
}
