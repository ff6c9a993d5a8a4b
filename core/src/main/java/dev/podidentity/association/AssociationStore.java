package dev.podidentity.association;

import dev.podidentity.schedule.Ticker;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The associations of one cluster, with EKS' rules on them. Implementations are thread-safe; reads
 * take no lock, and what a write has returned from is seen by every later read of the same store.
 *
 * <p>The rules: one association for a service account; the role in the cluster's account; a policy
 * only with session tags off; an update that changes something; at most so many associations, 5,000
 * if nothing else was set; a repeated {@code clientRequestToken} is the same request for as long as
 * its association lives.
 */
public interface AssociationStore extends AutoCloseable {
  /** The cluster that the associations are in. */
  ClusterArn cluster();

  /** The association of a service account, if there is one. */
  Optional<PodIdentityAssociation> find(ServiceAccountRef serviceAccount);

  /**
   * The association with this id.
   *
   * @throws AssociationException {@link AssociationFailure#RESOURCE_NOT_FOUND}
   */
  PodIdentityAssociation describe(String associationId);

  /**
   * One page of associations, in the order of their namespaces and names. What is created or
   * deleted between two pages may or may not be seen; everything else is seen once.
   *
   * @throws AssociationException {@link AssociationFailure#INVALID_PARAMETER} for a token that no
   *     page came with
   */
  AssociationPage list(AssociationQuery query);

  /** All associations in order, lazily; what changes meanwhile may or may not be seen. */
  Stream<PodIdentityAssociation> all();

  /** How many associations there are. */
  int size();

  /**
   * Creates an association with an id, an ARN and, for a target role, an external id of its own.
   *
   * @throws AssociationException {@link AssociationFailure#RESOURCE_IN_USE} if the service account
   *     has one already, {@link AssociationFailure#INVALID_PARAMETER} if a rule is broken, {@link
   *     AssociationFailure#RESOURCE_LIMIT_EXCEEDED} if the cluster is full, {@link
   *     AssociationFailure#SERVER} if it cannot be kept
   */
  PodIdentityAssociation create(CreateAssociation request);

  /**
   * Creates an association with nothing but a role.
   *
   * @throws AssociationException as {@link #create(CreateAssociation)}
   */
  default PodIdentityAssociation create(ServiceAccountRef serviceAccount, RoleArn roleArn) {
    return create(CreateAssociation.builder(serviceAccount, roleArn).build());
  }

  /**
   * Changes an association.
   *
   * @throws AssociationException {@link AssociationFailure#RESOURCE_NOT_FOUND}, {@link
   *     AssociationFailure#INVALID_REQUEST} if nothing would change, {@link
   *     AssociationFailure#INVALID_PARAMETER} if a rule would be broken, {@link
   *     AssociationFailure#SERVER} if it cannot be kept
   */
  PodIdentityAssociation update(String associationId, UpdateAssociation request);

  /**
   * Deletes an association and returns what it was.
   *
   * @throws AssociationException {@link AssociationFailure#RESOURCE_NOT_FOUND}, {@link
   *     AssociationFailure#SERVER} if that cannot be kept
   */
  PodIdentityAssociation delete(String associationId);

  /**
   * Adds tags to an association; they win over what it had.
   *
   * @throws AssociationException {@link AssociationFailure#RESOURCE_NOT_FOUND}, {@link
   *     AssociationFailure#INVALID_PARAMETER} if it would have too many, {@link
   *     AssociationFailure#SERVER} if they cannot be kept
   */
  PodIdentityAssociation tag(String associationId, Tags tags);

  /**
   * Takes tags away from an association; keys that it does not have are passed over.
   *
   * @throws AssociationException {@link AssociationFailure#RESOURCE_NOT_FOUND}, {@link
   *     AssociationFailure#SERVER} if that cannot be kept
   */
  PodIdentityAssociation untag(String associationId, Collection<String> keys);

  /** Lets go of files and threads; a store in memory has none. */
  @Override
  void close();

  /** A store in memory, with the defaults of {@link #builder}. */
  static AssociationStore inMemory(ClusterArn cluster) {
    return builder(cluster).inMemory();
  }

  /**
   * The associations in a file that something else writes, such as a mounted ConfigMap: of the
   * cluster that its first line names, and for reading only. The file is looked at when somebody
   * asks, once a second at most; new content counts once the file has been left alone for 2
   * seconds, and while it is of no use, what was read before is. Writes fail with {@link
   * AssociationFailure#SERVER}.
   *
   * @param file the file, in the form that {@link AssociationStoreBuilder#file} writes
   * @param clock the time that the file's own is held against
   * @throws DamagedStoreException if the file is not what a store writes
   * @throws IOException if the file cannot be read
   */
  static AssociationStore follow(Path file, Clock clock) throws IOException {
    return follow(file, clock, Ticker.system());
  }

  /**
   * The same.
   *
   * @param ticker measures when the file is looked at again, and for how long it has been left
   *     alone
   */
  static AssociationStore follow(Path file, Clock clock, Ticker ticker) throws IOException {
    return FollowedFile.store(file, clock, ticker);
  }

  /** Starts the settings of a store for this cluster. */
  static AssociationStoreBuilder builder(ClusterArn cluster) {
    return new AssociationStoreBuilder(cluster);
  }
}
