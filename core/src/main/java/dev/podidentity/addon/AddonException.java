package dev.podidentity.addon;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** What was asked of an add-on was not done; nothing has changed. */
public final class AddonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final AddonFailure failure;

  /** A failure that nothing else caused. */
  public AddonException(AddonFailure failure, String message) {
    this(failure, message, null);
  }

  /**
   * A failure.
   *
   * @param failure what kind
   * @param message what failed, for what, and what to do; never a configuration value
   * @param cause what it was caused by
   */
  public AddonException(AddonFailure failure, String message, @Nullable Throwable cause) {
    super(requireNonNull(message, "message"), cause);
    this.failure = requireNonNull(failure, "failure");
  }

  /** What kind of failure. */
  public AddonFailure failure() {
    return failure;
  }
}
