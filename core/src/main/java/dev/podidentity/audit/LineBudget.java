package dev.podidentity.audit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.limit.BoundedCounters;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many lines a minute a client may cause for each outcome, and all clients together. What is
 * left out is counted, and told when the minute is over. Remembers a bounded number of clients.
 * Times are nanoseconds of a ticker. Thread-safe; takes a lock once a minute.
 */
final class LineBudget {
  static final Duration WINDOW = Duration.ofMinutes(1);

  /** Past it, clients share one budget until the minute is over. */
  static final int MAX_CLIENTS = 1000;

  /** Of those with most left out, this many are named. */
  static final int MAX_NAMED = 10;

  private static final String OTHERS = "others";

  private final int linesOfClient;
  private final int linesInAll;
  private final Object lock = new Object();
  private volatile Minute minute;

  LineBudget(int linesOfClient, int linesInAll, long now) {
    this.linesOfClient = linesOfClient;
    this.linesInAll = linesInAll;
    this.minute = new Minute(now);
  }

  /**
   * Lines that were not written.
   *
   * @param client the client that caused them
   * @param outcome what they were about
   * @param count how many
   */
  record LeftOut(String client, String outcome, long count) {}

  /**
   * What lines are counted by.
   *
   * @param client the client; null for all that came too late to have a budget of their own
   */
  private record Key(@Nullable ClientKey client, String outcome) {
    // Each request looks for one. What the compiler makes of a record takes several times as long.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that
          && outcome.equals(that.outcome)
          && (client == null ? that.client == null : client.equals(that.client));
    }

    @Override
    public int hashCode() {
      return (client == null ? 0 : client.hashCode()) + outcome.hashCode();
    }

    String name() {
      return client == null ? OTHERS : LogText.of(client.toString());
    }
  }

  private final class Minute {
    private final long end;
    private final BoundedCounters<Key> written =
        new BoundedCounters<>(2 * MAX_CLIENTS, any -> true);
    private final BoundedCounters<Key> leftOut =
        new BoundedCounters<>(2 * MAX_CLIENTS, any -> true);
    private final AtomicInteger writtenInAll = new AtomicInteger();

    Minute(long end) {
      this.end = end;
    }

    boolean admit(Key key) {
      boolean admitted =
          written.update(key, 0, 0, lines -> Math.min(lines + 1, linesOfClient)) < linesOfClient
              && writtenInAll.getAndUpdate(lines -> Math.min(lines + 1, linesInAll)) < linesInAll;
      if (!admitted) {
        leftOut.update(key, 0, 0, lines -> lines + 1);
      }
      return admitted;
    }

    Key key(ClientKey client, String outcome) {
      var own = new Key(client, outcome);
      boolean hasRoom = written.get(own, -1) >= 0 || written.size() < MAX_CLIENTS;
      return hasRoom ? own : new Key(null, outcome);
    }

    List<LeftOut> leftOut() {
      return leftOut
          .map((key, lines) -> new LeftOut(key.name(), key.outcome(), lines))
          .sorted(Comparator.comparingLong(LeftOut::count).reversed())
          .toList();
    }
  }

  /** Whether one more line may be written. */
  boolean admit(ClientKey client, String outcome) {
    Minute current = minute;
    return current.admit(current.key(client, outcome));
  }

  /** What was left out in the minute that is over; empty while it goes on. */
  List<LeftOut> roll(long now) {
    if (now - minute.end < 0) {
      return List.of();
    }
    synchronized (lock) {
      return now - minute.end < 0 ? List.of() : begin(now + WINDOW.toNanos());
    }
  }

  /** What was left out until now. */
  List<LeftOut> end() {
    synchronized (lock) {
      return begin(minute.end);
    }
  }

  @GuardedBy("lock")
  private List<LeftOut> begin(long end) {
    Minute before = minute;
    minute = new Minute(end);
    List<LeftOut> most = before.leftOut();
    long unnamed = most.stream().skip(MAX_NAMED).mapToLong(LeftOut::count).sum();
    return Stream.concat(
            most.stream().limit(MAX_NAMED),
            unnamed == 0 ? Stream.empty() : Stream.of(new LeftOut(OTHERS, "any", unnamed)))
        .toList();
  }
}
