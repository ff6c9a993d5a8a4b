package dev.podidentity.limit;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Permits of which one client gets a part at most: the others are there for everybody else, even if
 * that client never gives any back. Thread-safe; takes no lock for a client that is known.
 *
 * @param <K> what clients are told apart by
 */
public final class ClientSemaphore<K> {
  private final int permits;
  private final int permitsOfClient;
  private final K unlimited;
  private final AtomicInteger taken = new AtomicInteger();
  private final BoundedCounters<K> byClient;

  /**
   * All permits are free.
   *
   * @param permits how many there are
   * @param permitsOfClient how many one client has at most
   * @param unlimited the one client that may have all
   */
  public ClientSemaphore(int permits, int permitsOfClient, K unlimited) {
    this.permits = permits;
    this.permitsOfClient = permitsOfClient;
    this.unlimited = unlimited;
    // Clients without a permit may be forgotten: there is always room for those that have one.
    this.byClient = new BoundedCounters<>(2 * permits, held -> held == 0);
  }

  /** A permit for this client; null if there is none. */
  public @Nullable Permit tryAcquire(K client) {
    if (taken.getAndUpdate(held -> held < permits ? held + 1 : held) >= permits) {
      return null;
    }
    if (!client.equals(unlimited) && addToClient(client) >= permitsOfClient) {
      taken.decrementAndGet();
      return null;
    }
    return Permit.of(() -> giveBack(client));
  }

  private long addToClient(K client) {
    return byClient.update(client, 0, 0, held -> held < permitsOfClient ? held + 1 : held);
  }

  private void giveBack(K client) {
    if (!client.equals(unlimited)) {
      byClient.update(client, 0, 0, held -> held - 1);
    }
    taken.decrementAndGet();
  }

  /** How many are taken. */
  public int taken() {
    return taken.get();
  }
}
