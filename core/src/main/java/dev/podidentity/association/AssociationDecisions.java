package dev.podidentity.association;

import dev.podidentity.token.ServiceAccountRef;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Says what a store is to hold after a request, or why the request is refused; changes nothing. */
final class AssociationDecisions {
  private final ClusterArn cluster;
  private final int maxAssociations;
  private final Clock clock;
  private final RandomGenerator random;

  AssociationDecisions(AssociationStoreBuilder settings) {
    cluster = settings.cluster;
    maxAssociations = settings.maxAssociations;
    clock = settings.clock;
    random = settings.random;
  }

  /** What is to be stored; the very association that is there, for a request made before. */
  StoredAssociation create(CreateAssociation request, AssociationIndex index) {
    RequestToken token = RequestToken.of(request);
    StoredAssociation before = token == null ? null : index.createdWith(token.token());
    if (before != null && token != null) {
      requireSame(token, before.created(), before.id());
      return before;
    }
    requireFree(request.serviceAccount(), index);
    if (index.size() >= maxAssociations) {
      throw new AssociationException(
          AssociationFailure.RESOURCE_LIMIT_EXCEEDED,
          "Cluster "
              + cluster.name()
              + " has "
              + index.size()
              + " associations, and may have "
              + maxAssociations
              + ": delete some that are not needed");
    }
    return new StoredAssociation(associate(request), token, null);
  }

  /** What is to be stored; the very association that is there, for a request made before. */
  StoredAssociation update(StoredAssociation stored, UpdateAssociation request) {
    RequestToken token = RequestToken.of(request);
    if (token != null
        && stored.updated() != null
        && token.token().equals(stored.updated().token())) {
      requireSame(token, stored.updated(), stored.id());
      return stored;
    }
    PodIdentityAssociation updated =
        build(change(stored.association().toBuilder(), stored.association(), request));
    if (updated.equals(stored.association())) {
      throw new AssociationException(
          AssociationFailure.INVALID_REQUEST,
          "The update changes nothing in association "
              + stored.id()
              + ": give a new role, target role, policy or disableSessionTags",
          stored.id(),
          null);
    }
    return new StoredAssociation(touch(updated), stored.created(), token);
  }

  /** The association with other tags. */
  StoredAssociation retag(StoredAssociation stored, UnaryOperator<Tags> change) {
    var builder = stored.association().toBuilder();
    try {
      builder.tags(change.apply(stored.association().tags()));
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
    return new StoredAssociation(touch(build(builder)), stored.created(), stored.updated());
  }

  private PodIdentityAssociation associate(CreateAssociation request) {
    var target = request.targetRoleArn().orElse(null);
    return build(
        PodIdentityAssociation.builder()
            .associationArn(AssociationArn.random(cluster, random))
            .serviceAccount(request.serviceAccount())
            .roleArn(request.roleArn())
            .tags(request.tags())
            .createdAt(now())
            .ownerArn(request.ownerArn().orElse(null))
            .disableSessionTags(request.disableSessionTags())
            .targetRole(target, target == null ? null : externalId())
            .policy(request.policy().orElse(null)));
  }

  private PodIdentityAssociationBuilder change(
      PodIdentityAssociationBuilder builder,
      PodIdentityAssociation now,
      UpdateAssociation request) {
    request.roleArn().ifPresent(builder::roleArn);
    request.disableSessionTags().ifPresent(builder::disableSessionTags);
    request.policy().ifPresent(builder::policy);
    if (request.removesPolicy()) {
      builder.policy(null);
    }
    request
        .targetRoleArn()
        .ifPresent(
            target -> builder.targetRole(target, now.externalId().orElseGet(this::externalId)));
    if (request.removesTargetRole()) {
      builder.targetRole(null, null);
    }
    return builder;
  }

  private PodIdentityAssociation touch(PodIdentityAssociation association) {
    return association.toBuilder().modifiedAt(now()).build();
  }

  // EKS tells times to the millisecond.
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private String externalId() {
    return new UUID(random.nextLong(), random.nextLong()).toString();
  }

  private void requireFree(ServiceAccountRef serviceAccount, AssociationIndex index) {
    StoredAssociation there = index.find(serviceAccount);
    if (there != null) {
      throw new AssociationException(
          AssociationFailure.RESOURCE_IN_USE,
          "Association already exists: service account "
              + serviceAccount
              + " in cluster "
              + cluster.name()
              + " has "
              + there.id()
              + "; update or delete that one",
          there.id(),
          null);
    }
  }

  private static void requireSame(RequestToken token, @Nullable RequestToken before, String id) {
    if (!token.equals(before)) {
      throw new AssociationException(
          AssociationFailure.INVALID_PARAMETER,
          "clientRequestToken was used for another request before, on association "
              + id
              + ": take a new one for each request",
          id,
          null);
    }
  }

  private static PodIdentityAssociation build(PodIdentityAssociationBuilder builder) {
    try {
      return builder.build();
    } catch (IllegalArgumentException e) {
      throw invalid(e);
    }
  }

  private static AssociationException invalid(IllegalArgumentException e) {
    return new AssociationException(
        AssociationFailure.INVALID_PARAMETER, String.valueOf(e.getMessage()), null, e);
  }
}
