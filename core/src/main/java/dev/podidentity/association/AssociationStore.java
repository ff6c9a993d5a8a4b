package dev.podidentity.association;

import dev.podidentity.token.ServiceAccountRef;
import java.util.Optional;

/** Where associations are kept. Implementations are thread-safe, and reads do not block. */
public interface AssociationStore {
  /** The association of a service account in a cluster, if there is one. */
  Optional<PodIdentityAssociation> find(String clusterName, ServiceAccountRef serviceAccount);

  /**
   * Creates an association with an id and an ARN of its own.
   *
   * @throws IllegalStateException if the service account has one already
   */
  PodIdentityAssociation create(
      String clusterName, ServiceAccountRef serviceAccount, RoleArn roleArn);

  /**
   * A store in memory.
   *
   * @param region the AWS region that the ARNs of its associations name
   */
  static AssociationStore inMemory(String region) {
    return new InMemoryAssociationStore(region);
  }
}
