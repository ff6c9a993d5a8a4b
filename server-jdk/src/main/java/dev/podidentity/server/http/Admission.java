package dev.podidentity.server.http;

import dev.podidentity.limit.Permit;
import org.jspecify.annotations.Nullable;

/**
 * What became of a request that wanted to be answered; closed when its answer was written.
 *
 * @param outcome whether it is answered
 * @param permit what an admitted request gives back
 */
record Admission(Outcome outcome, @Nullable Permit permit) implements AutoCloseable {
  static final Admission CROWDED = new Admission(Outcome.CROWDED, null);
  static final Admission CLOSED = new Admission(Outcome.CLOSED, null);

  enum Outcome {
    ADMITTED,
    CROWDED,
    CLOSED
  }

  @Override
  public void close() {
    if (permit != null) {
      permit.close();
    }
  }
}
