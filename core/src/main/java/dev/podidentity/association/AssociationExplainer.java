package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.KeysUnavailableException;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Explains what becomes of a token: everything that is wrong with it, not only the first thing.
 * Changes nothing and gives nothing away. Thread-safe.
 */
public final class AssociationExplainer {
  private static final int MAX_SIMILAR = 3;

  private final AssociationStore associations;
  private final TokenVerifier verifier;
  private final Clock clock;

  private AssociationExplainer(AssociationStore associations, TokenVerifier verifier, Clock clock) {
    this.associations = requireNonNull(associations, "associations");
    this.verifier = requireNonNull(verifier, "verifier");
    this.clock = requireNonNull(clock, "clock");
  }

  /**
   * An explainer for a cluster.
   *
   * @param associations the cluster's associations
   * @param verifier says which tokens are the cluster's
   * @param clock the time that a token's life is held against
   */
  public static AssociationExplainer of(
      AssociationStore associations, TokenVerifier verifier, Clock clock) {
    return new AssociationExplainer(associations, verifier, clock);
  }

  /** Explains the text of a token, whatever it is. */
  public Explanation explain(String token) {
    try {
      return explain(ServiceAccountToken.parse(token));
    } catch (InvalidTokenException e) {
      return new Explanation(
          Optional.empty(), List.of(new Mismatch.Unreadable(String.valueOf(e.getMessage()))));
    }
  }

  /** Explains a token. */
  public Explanation explain(ServiceAccountToken token) {
    var mismatches = new ArrayList<Mismatch>();
    addWhatTheTokenSays(token, mismatches);
    if (mismatches.isEmpty()) {
      addWhatTheClusterSays(token, mismatches);
    }
    Optional<PodIdentityAssociation> match = associations.find(token.serviceAccount());
    if (match.isEmpty()) {
      addWhatIsAssociated(token.serviceAccount(), mismatches);
    }
    return new Explanation(match, mismatches);
  }

  private void addWhatTheTokenSays(ServiceAccountToken token, List<Mismatch> mismatches) {
    Instant now = clock.instant();
    if (!token.audiences().contains(ServiceAccountToken.POD_IDENTITY_AUDIENCE)) {
      mismatches.add(new Mismatch.WrongAudience(token.audiences()));
    }
    if (!now.isBefore(token.expiresAt())) {
      mismatches.add(new Mismatch.Expired(token.expiresAt()));
    }
    Stream.of(token.notBefore(), token.issuedAt())
        .flatMap(Optional::stream)
        .filter(now::isBefore)
        .max(Instant::compareTo)
        .ifPresent(start -> mismatches.add(new Mismatch.NotYetValid(start)));
  }

  private void addWhatTheClusterSays(ServiceAccountToken token, List<Mismatch> mismatches) {
    try {
      verifier.verify(token);
    } catch (InvalidTokenException | KeysUnavailableException e) {
      mismatches.add(new Mismatch.NotGenuine(String.valueOf(e.getMessage())));
    }
  }

  private void addWhatIsAssociated(ServiceAccountRef wanted, List<Mismatch> mismatches) {
    mismatches.add(new Mismatch.NoAssociation(wanted.toString(), associations.cluster().name()));
    associations
        .all()
        .filter(there -> SimilarNames.areSimilar(wanted, there.serviceAccount()))
        .limit(MAX_SIMILAR)
        .map(
            there ->
                new Mismatch.SimilarServiceAccount(
                    there.serviceAccount().toString(), there.associationId()))
        .forEach(mismatches::add);
  }
}
