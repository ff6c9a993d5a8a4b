package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.InvalidTokenException.Reason;
import dev.podidentity.token.KeysUnavailableException;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Explains what becomes of a token: everything that is wrong with it, not only the first thing.
 * Changes nothing and gives nothing away. Thread-safe.
 */
public final class AssociationExplainer {
  private static final int MAX_SIMILAR = 3;
  private static final Duration USUAL_SKEW = Duration.ofMinutes(1);

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

  /** Explains the text of a token, whatever it is. White space around it is ignored. */
  public Explanation explain(String token) {
    try {
      return explain(ServiceAccountToken.parse(token.strip()));
    } catch (InvalidTokenException e) {
      return new Explanation(
          Optional.empty(), List.of(new Mismatch.Unreadable(String.valueOf(e.getMessage()))));
    }
  }

  /** Explains a token. */
  public Explanation explain(ServiceAccountToken token) {
    var mismatches = new ArrayList<Mismatch>();
    if (!token.audiences().contains(ServiceAccountToken.POD_IDENTITY_AUDIENCE)) {
      mismatches.add(new Mismatch.WrongAudience(token.audiences()));
    }
    RuntimeException refusal = refusal(token);
    if (refusal != null) {
      addWhyItIsRefused(refusal, token, mismatches);
    }
    Optional<PodIdentityAssociation> match = associations.find(token.serviceAccount());
    if (match.isEmpty()) {
      addWhatIsAssociated(token.serviceAccount(), mismatches);
    }
    return new Explanation(match, mismatches);
  }

  private @Nullable RuntimeException refusal(ServiceAccountToken token) {
    try {
      verifier.verify(token);
      return null;
    } catch (InvalidTokenException | KeysUnavailableException e) {
      return e;
    }
  }

  private void addWhyItIsRefused(
      RuntimeException refusal, ServiceAccountToken token, List<Mismatch> mismatches) {
    // Where the verifier says that it is the time, its own skew has been allowed for.
    Duration skew = isOfTheTime(refusal) ? Duration.ZERO : USUAL_SKEW;
    Instant now = clock.instant();
    if (!now.minus(skew).isBefore(token.expiresAt())) {
      mismatches.add(new Mismatch.Expired(token.expiresAt()));
    }
    Stream.of(token.notBefore(), token.issuedAt())
        .flatMap(Optional::stream)
        .filter(now.plus(skew)::isBefore)
        .max(Instant::compareTo)
        .ifPresent(start -> mismatches.add(new Mismatch.NotYetValid(start)));
    if (mismatches.isEmpty()) {
      mismatches.add(new Mismatch.NotGenuine(String.valueOf(refusal.getMessage())));
    }
  }

  private static boolean isOfTheTime(RuntimeException refusal) {
    return refusal instanceof InvalidTokenException invalid
        && (invalid.reason() == Reason.EXPIRED || invalid.reason() == Reason.NOT_YET_VALID);
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
