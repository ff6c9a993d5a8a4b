package dev.podidentity.limit;

import dev.podidentity.credential.ClientKey;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Permits of which one client gets a part at most: the others are there for everybody else, even if
 * that client never gives any back. Thread-safe; takes no lock for a client that is known.
 */
public final class ClientSemaphore {
  private final int permits;
  private final int permitsOfClient;
  private final AtomicInteger taken = new AtomicInteger();
  private final BoundedCounters<ClientKey> byClient;

  /**
   * All permits are free.
   *
   * @param permits how many there are
   * @param permitsOfClient how many one client has at most; {@link ClientKey#AGENT} has no such
   *     limit
   */
  public ClientSemaphore(int permits, int permitsOfClient) {
    this.permits = permits;
    this.permitsOfClient = permitsOfClient;
    // Clients without a permit may be forgotten: there is always room for those that have one.
    this.byClient = new BoundedCounters<>(2 * permits, held -> held == 0);
  }

  /** A permit for this client; null if there is none. */
  public @Nullable Permit tryAcquire(ClientKey client) {
    if (taken.getAndUpdate(held -> held < permits ? held + 1 : held) >= permits) {
      return null;
    }
    if (!client.equals(ClientKey.AGENT) && addToClient(client) >= permitsOfClient) {
      taken.decrementAndGet();
      return null;
    }
    return Permit.of(() -> giveBack(client));
  }

  private long addToClient(ClientKey client) {
    return byClient.update(client, 0, 0, held -> held < permitsOfClient ? held + 1 : held);
  }

  private void giveBack(ClientKey client) {
    if (!client.equals(ClientKey.AGENT)) {
      byClient.update(client, 0, 0, held -> held - 1);
    }
    taken.decrementAndGet();
  }

  /** How many are taken. */
  public int taken() {
    return taken.get();
  }
}
