package dev.podidentity.audit;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How many lines a minute a sender may cause for each outcome, and all senders together. What is
 * left out is counted, and told when the minute is over. Remembers a bounded number of senders.
 * Thread-safe.
 */
final class LineBudget {
  static final Duration WINDOW = Duration.ofMinutes(1);

  /** Past it, senders share one budget until the minute is over. */
  static final int MAX_SENDERS = 1000;

  /** Of those with most left out, this many are named. */
  static final int MAX_NAMED = 10;

  private static final String OTHERS = "others";

  private final int linesOfSender;
  private final int linesInAll;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private final Map<Key, Lines> counts = new HashMap<>();

  @GuardedBy("lock")
  private Instant windowEnd = Instant.MIN;

  @GuardedBy("lock")
  private int written;

  LineBudget(int linesOfSender, int linesInAll) {
    this.linesOfSender = linesOfSender;
    this.linesInAll = linesInAll;
  }

  /**
   * Lines that were not written.
   *
   * @param sender who caused them
   * @param outcome what they were about
   * @param count how many
   */
  record LeftOut(String sender, String outcome, long count) {}

  private record Key(String sender, String outcome) {
    // Each request looks for one. What the compiler makes of a record takes several times as long.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key that
          && sender.equals(that.sender)
          && outcome.equals(that.outcome);
    }

    @Override
    public int hashCode() {
      return sender.hashCode() + outcome.hashCode();
    }
  }

  private static final class Lines {
    private int written;
    private long leftOut;
  }

  /** Whether one more line may be written. */
  boolean admit(String sender, String outcome) {
    synchronized (lock) {
      Lines lines = lines(sender, outcome);
      if (lines.written >= linesOfSender || written >= linesInAll) {
        lines.leftOut++;
        return false;
      }
      lines.written++;
      written++;
      return true;
    }
  }

  @GuardedBy("lock")
  private Lines lines(String sender, String outcome) {
    Lines present = counts.get(new Key(sender, outcome));
    if (present != null) {
      return present;
    }
    String known = counts.size() < MAX_SENDERS ? sender : OTHERS;
    return counts.computeIfAbsent(new Key(known, outcome), unused -> new Lines());
  }

  /** What was left out in the minute that is over; empty while it goes on. */
  List<LeftOut> roll(Instant now) {
    synchronized (lock) {
      // A minute that ends later than one that begins now is left of a clock that was set back.
      if (now.isBefore(windowEnd) && !windowEnd.isAfter(now.plus(WINDOW))) {
        return List.of();
      }
      windowEnd = now.plus(WINDOW);
      return end();
    }
  }

  /** What was left out until now. */
  List<LeftOut> end() {
    synchronized (lock) {
      List<LeftOut> most =
          counts.entrySet().stream()
              .filter(entry -> entry.getValue().leftOut > 0)
              .map(LineBudget::leftOut)
              .sorted(Comparator.comparingLong(LeftOut::count).reversed())
              .toList();
      counts.clear();
      written = 0;
      long unnamed = most.stream().skip(MAX_NAMED).mapToLong(LeftOut::count).sum();
      return Stream.concat(
              most.stream().limit(MAX_NAMED),
              unnamed == 0 ? Stream.empty() : Stream.of(new LeftOut(OTHERS, "any", unnamed)))
          .toList();
    }
  }

  private static LeftOut leftOut(Map.Entry<Key, Lines> entry) {
    return new LeftOut(entry.getKey().sender(), entry.getKey().outcome(), entry.getValue().leftOut);
  }
}
