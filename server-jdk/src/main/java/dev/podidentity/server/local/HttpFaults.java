package dev.podidentity.server.local;

import dev.podidentity.local.Fault;
import dev.podidentity.local.Faults;
import dev.podidentity.server.http.Answer;
import dev.podidentity.server.http.NoAnswerException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The faults that are seen on the wire, and those of EKS itself. */
final class HttpFaults {
  private final Faults faults;

  HttpFaults(Faults faults) {
    this.faults = faults;
  }

  /**
   * Goes wrong as it is switched on to.
   *
   * @return the answer to give instead; null for the operation's own
   * @throws NoAnswerException where no answer is to be given at all
   */
  @Nullable Answer before(EksOperation operation) throws IOException {
    onTheWire();
    return operation.name().equals(AssumeRoleForPodIdentity.NAME) ? null : ofEks();
  }

  /** Waits, or has the connection closed, as it is switched on to. */
  void onTheWire() throws IOException {
    try {
      for (Fault fault : faults.active()) {
        if (fault instanceof Fault.Slow slow) {
          TimeUnit.NANOSECONDS.sleep(slow.delay().toNanos());
        } else if (fault instanceof Fault.Hang) {
          faults.awaitOff(Fault.Hang.class);
        } else if (fault instanceof Fault.Reset) {
          throw new NoAnswerException("a fault that was switched on");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("The local EKS is stopping");
    }
  }

  // EKS Auth's own faults are the cluster's, which agents meet without HTTP, too.
  private @Nullable Answer ofEks() {
    if (faults.find(Fault.Throttle.class).isPresent()) {
      return AwsErrors.answer(429, "ThrottlingException", "Rate exceeded");
    }
    boolean fails =
        faults.find(Fault.ServerError.class).isPresent()
            || faults.find(Fault.Unavailable.class).isPresent();
    return fails ? AwsErrors.answer(500, "ServerException", "EKS failed") : null;
  }
}
