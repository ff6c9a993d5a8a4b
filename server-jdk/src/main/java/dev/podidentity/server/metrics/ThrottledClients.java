package dev.podidentity.server.metrics;

import dev.podidentity.credential.ClientKey;
import dev.podidentity.limit.LeakyBuckets;
import dev.podidentity.schedule.Ticker;
import java.time.Duration;

/** How many clients have asked too often of late. Thread-safe. */
final class ThrottledClients {
  static final Duration MEMORY = Duration.ofMinutes(5);

  /** Bounds what clients with many addresses can make this remember. */
  static final int MAX_CLIENTS = 1000;

  private final Ticker ticker;
  private final LeakyBuckets<ClientKey> lately =
      new LeakyBuckets<>(MAX_CLIENTS, 1, MEMORY.toNanos());

  ThrottledClients(Ticker ticker) {
    this.ticker = ticker;
  }

  void add(ClientKey client) {
    lately.add(client, ticker.read());
  }

  int count() {
    return lately.inUse(ticker.read());
  }
}
