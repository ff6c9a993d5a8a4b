package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import dev.podidentity.token.ServiceAccountRef;
import org.jspecify.annotations.Nullable;

/**
 * An association with what its store needs to know beside it.
 *
 * @param association the association
 * @param created the token of the request that created it
 * @param updated the token of the last request that updated it
 */
record StoredAssociation(
    PodIdentityAssociation association,
    @Nullable RequestToken created,
    @Nullable RequestToken updated) {
  StoredAssociation {
    requireNonNull(association, "association");
  }

  ServiceAccountRef serviceAccount() {
    return association.serviceAccount();
  }

  String id() {
    return association.associationId();
  }
}
