package dev.podidentity.server;

import dev.podidentity.binding.BindFailure;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** An agent that cannot listen where it must. The message has each cause and its remedy. */
public final class ListenException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient List<BindFailure> failures;

  ListenException(List<BindFailure> failures) {
    super(failures.stream().map(BindFailure::message).collect(Collectors.joining(" ")));
    this.failures = List.copyOf(failures);
  }

  /** Every address that could not be had. */
  public List<BindFailure> failures() {
    return failures;
  }
}
