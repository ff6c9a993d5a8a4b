package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was asked of an association was not done; nothing has changed. */
public final class AssociationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final AssociationFailure failure;
  private final @Nullable String associationId;

  /** A failure that concerns no particular association. */
  public AssociationException(AssociationFailure failure, String message) {
    this(failure, message, null, null);
  }

  /**
   * A failure with all that is known of it.
   *
   * @param failure what kind
   * @param message what failed, for what, and what to do
   * @param associationId the association that is in the way, or that was asked for
   * @param cause what it was caused by
   */
  public AssociationException(
      AssociationFailure failure,
      String message,
      @Nullable String associationId,
      @Nullable Throwable cause) {
    super(requireNonNull(message, "message"), cause);
    this.failure = requireNonNull(failure, "failure");
    this.associationId = associationId;
  }

  /** What kind of failure it is. */
  public AssociationFailure failure() {
    return failure;
  }

  /** The association that is in the way, or that was asked for. */
  public Optional<String> associationId() {
    return Optional.ofNullable(associationId);
  }
}
