package dev.podidentity.server.http;

import java.time.Duration;

/** An endpoint for as long as it answers, and the requests that it has not yet answered. */
final class Generation {
  private final Endpoint endpoint;
  private final Admissions admissions;

  Generation(Endpoint endpoint, Admissions admissions) {
    this.endpoint = endpoint;
    this.admissions = admissions;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Admissions admissions() {
    return admissions;
  }

  /** Stops admission and drains. */
  void end(Duration drainTimeout) {
    admissions.drain(drainTimeout);
  }
}
