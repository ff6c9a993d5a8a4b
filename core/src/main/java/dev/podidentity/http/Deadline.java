package dev.podidentity.http;

import java.net.SocketTimeoutException;
import java.time.Duration;

/** When a request ends, whatever it is doing. Immutable, thread-safe. */
final class Deadline {
  private final Duration timeout;
  private final long end;

  Deadline(Duration timeout) {
    this.timeout = timeout;
    this.end = System.nanoTime() + timeout.toNanos();
  }

  /** What is left, as the timeout of a socket: never 0, which would mean none. */
  int millisLeft() throws SocketTimeoutException {
    return millisLeft(timeout);
  }

  SocketTimeoutException passed() {
    return new SocketTimeoutException("no whole reply within " + timeout.toMillis() + " ms");
  }

  /** What is left, and no more than this. */
  int millisLeft(Duration most) throws SocketTimeoutException {
    long left = Math.min(end - System.nanoTime(), most.toNanos());
    if (left <= 0) {
      throw passed();
    }
    return (int) Math.min(Integer.MAX_VALUE, Duration.ofNanos(left).toMillis() + 1);
  }
}
