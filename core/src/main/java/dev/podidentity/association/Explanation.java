package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which association a token leads to, or each reason why there is none.
 *
 * @param match the association of the token's service account, also where the token itself is not
 *     acceptable
 * @param mismatches what keeps the pod from getting credentials; empty if it gets them
 */
public record Explanation(Optional<PodIdentityAssociation> match, List<Mismatch> mismatches) {
  /** An explanation. */
  public Explanation {
    requireNonNull(match, "match");
    mismatches = List.copyOf(mismatches);
  }

  /** Whether the token's pod gets the association's credentials. */
  public boolean isMatch() {
    return match.isPresent() && mismatches.isEmpty();
  }

  /** All of it as text, a line for each reason. */
  public String message() {
    return isMatch()
        ? "The pod gets "
            + match.orElseThrow().effectiveRoleArn()
            + " by association "
            + match.orElseThrow().associationId()
        : mismatches.stream().map(Mismatch::message).collect(Collectors.joining("\n"));
  }
}
