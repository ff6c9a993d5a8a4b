package dev.podidentity.addon;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One entry of an add-on's update history. Immutable.
 *
 * @param id a UUID
 * @param status how it stands
 * @param params what was asked for
 * @param createdAt when it was asked for
 * @param endedAt when it came to its end, if it has; EKS does not tell
 * @param errors why it failed; empty unless it did
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_Update.html">Update</a>
 */
public record AddonUpdate(
    String id,
    UpdateStatus status,
    List<UpdateParam> params,
    Instant createdAt,
    Optional<Instant> endedAt,
    List<UpdateError> errors) {
  /** What EKS calls updates of add-ons. */
  public static final String TYPE = "AddonUpdate";

  /**
   * An update.
   *
   * @throws IllegalArgumentException if it has ended and is in progress, or the other way round, or
   *     has errors and did not fail
   */
  public AddonUpdate {
    requireNonNull(id, "id");
    requireNonNull(status, "status");
    params = List.copyOf(params);
    requireNonNull(createdAt, "createdAt");
    requireNonNull(endedAt, "endedAt");
    errors = List.copyOf(errors);
    if (endedAt.isPresent() == (status == UpdateStatus.IN_PROGRESS)) {
      throw new IllegalArgumentException("Update " + id + " is " + status + ", ended: " + endedAt);
    }
    if (errors.isEmpty() == (status == UpdateStatus.FAILED)) {
      throw new IllegalArgumentException("Update " + id + " is " + status + " with " + errors);
    }
  }

  /** An update that has just begun. */
  public static AddonUpdate begun(String id, List<UpdateParam> params, Instant createdAt) {
    return new AddonUpdate(
        id, UpdateStatus.IN_PROGRESS, params, createdAt, Optional.empty(), List.of());
  }

  /** This update, ended. */
  public AddonUpdate ended(UpdateStatus status, Instant at, List<UpdateError> errors) {
    return new AddonUpdate(id, status, params, createdAt, Optional.of(at), errors);
  }
}
