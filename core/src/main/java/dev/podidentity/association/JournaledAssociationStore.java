package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Reads from the index; writes by decision, journal, index, in this order. */
final class JournaledAssociationStore implements AssociationStore {
  private final ClusterArn cluster;
  private final AssociationDecisions decisions;
  private final Journal journal;

  JournaledAssociationStore(AssociationStoreBuilder settings, Journal journal) {
    this.cluster = settings.cluster;
    this.decisions = new AssociationDecisions(settings);
    this.journal = journal;
  }

  @FunctionalInterface
  private interface Write {
    PodIdentityAssociation run() throws IOException;
  }

  @Override
  public ClusterArn cluster() {
    return cluster;
  }

  @Override
  public Optional<PodIdentityAssociation> find(ServiceAccountRef serviceAccount) {
    return Optional.ofNullable(
            journal.index().find(requireNonNull(serviceAccount, "serviceAccount")))
        .map(StoredAssociation::association);
  }

  @Override
  public PodIdentityAssociation describe(String associationId) {
    return stored(associationId).association();
  }

  @Override
  public AssociationPage list(AssociationQuery query) {
    return journal.index().page(query);
  }

  @Override
  public Stream<PodIdentityAssociation> all() {
    return journal.index().all().map(StoredAssociation::association);
  }

  @Override
  public int size() {
    return journal.index().size();
  }

  @Override
  public PodIdentityAssociation create(CreateAssociation request) {
    requireNonNull(request, "request");
    return alone(() -> put(decisions.create(request, journal.index())));
  }

  @Override
  public PodIdentityAssociation update(String associationId, UpdateAssociation request) {
    requireNonNull(request, "request");
    return alone(() -> put(decisions.update(stored(associationId), request)));
  }

  @Override
  public PodIdentityAssociation delete(String associationId) {
    return alone(
        () -> {
          PodIdentityAssociation gone = stored(associationId).association();
          journal.append(new AssociationChange.Delete(associationId));
          return gone;
        });
  }

  @Override
  public PodIdentityAssociation tag(String associationId, Tags tags) {
    requireNonNull(tags, "tags");
    return retag(associationId, now -> now.with(tags));
  }

  @Override
  public PodIdentityAssociation untag(String associationId, Collection<String> keys) {
    requireNonNull(keys, "keys");
    return retag(associationId, now -> now.without(keys));
  }

  private PodIdentityAssociation retag(String associationId, UnaryOperator<Tags> change) {
    return alone(() -> put(decisions.retag(stored(associationId), change)));
  }

  // What was there before, for a request made before, is not written again.
  private PodIdentityAssociation put(StoredAssociation stored) throws IOException {
    if (!stored.equals(journal.index().find(stored.id()))) {
      journal.append(new AssociationChange.Put(stored));
    }
    return stored.association();
  }

  private StoredAssociation stored(String associationId) {
    StoredAssociation stored = journal.index().find(requireNonNull(associationId, "associationId"));
    if (stored == null) {
      throw new AssociationException(
          AssociationFailure.RESOURCE_NOT_FOUND,
          "Cluster " + cluster.name() + " has no association with the id " + associationId,
          associationId,
          null);
    }
    return stored;
  }

  private PodIdentityAssociation alone(Write write) {
    try {
      journal.lock();
      try {
        return write.run();
      } finally {
        journal.unlock();
      }
    } catch (IOException e) {
      throw new AssociationException(
          AssociationFailure.SERVER,
          "The change was not made, since it cannot be kept: " + reasonOf(e),
          null,
          e);
    }
  }

  // Java's own exceptions of files say what failed by their type, and only name the file.
  private static String reasonOf(IOException e) {
    return e instanceof DamagedStoreException ? String.valueOf(e.getMessage()) : e.toString();
  }

  @Override
  public void close() {
    journal.close();
  }
}
