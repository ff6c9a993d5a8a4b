package dev.podidentity.server.http;

import java.net.InetAddress;
import java.time.Duration;

/** The time for which one endpoint answers, and the requests that it has not yet answered. */
final class Turn {
  private final Endpoint endpoint;
  private final InFlight inFlight;

  Turn(Endpoint endpoint, int maxOfAddress) {
    this.endpoint = endpoint;
    this.inFlight = new InFlight(maxOfAddress);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** As {@link InFlight#enter}; closed once the turn has ended. */
  InFlight.Entrance enter(InetAddress client) {
    return inFlight.enter(client);
  }

  void leave(InetAddress client) {
    inFlight.leave(client);
  }

  /** Lets nobody in any more, and waits for those inside. */
  void end(Duration drainTimeout) {
    inFlight.drain(drainTimeout);
  }
}
