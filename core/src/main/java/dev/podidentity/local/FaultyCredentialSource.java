package dev.podidentity.local;

import dev.podidentity.association.AssociationStore;
import dev.podidentity.association.PodIdentityAssociation;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;

/** EKS Auth with the faults that are switched on. */
final class FaultyCredentialSource implements CredentialSource {
  private final CredentialSource source;
  private final AssociationStore associations;
  private final Faults faults;
  private final Clock clock;

  FaultyCredentialSource(
      CredentialSource source, AssociationStore associations, Faults faults, Clock clock) {
    this.source = source;
    this.associations = associations;
    this.faults = faults;
    this.clock = clock;
  }

  @Override
  public TemporaryCredentials fetch(ServiceAccountToken token) {
    for (Fault fault : faults.active()) {
      if (fault instanceof Fault.Throttle) {
        throw failure(FailureReason.THROTTLED, "Rate exceeded");
      } else if (fault instanceof Fault.ServerError) {
        throw failure(FailureReason.INTERNAL_SERVER, "EKS Auth failed");
      } else if (fault instanceof Fault.Unavailable) {
        throw failure(FailureReason.SERVICE_UNAVAILABLE, "EKS Auth is not available");
      } else if (fault instanceof Fault.NotYetVisible notYet) {
        associations
            .find(token.serviceAccount())
            .filter(association -> isInvisible(association, notYet))
            .ifPresent(association -> refuse(token));
      }
    }
    return source.fetch(token);
  }

  private boolean isInvisible(PodIdentityAssociation association, Fault.NotYetVisible notYet) {
    return association.createdAt().plus(notYet.delay()).isAfter(clock.instant());
  }

  private void refuse(ServiceAccountToken token) {
    throw failure(
        FailureReason.RESOURCE_NOT_FOUND,
        "No association found for service account "
            + token.serviceAccount()
            + " in cluster "
            + associations.cluster().name());
  }

  private static CredentialException failure(FailureReason reason, String message) {
    return new CredentialException(reason, message + " (a fault that was switched on)");
  }
}
