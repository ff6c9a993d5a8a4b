package dev.podidentity.examples.nodeagent;

import dev.podidentity.awssdk.eksauth.EksAuthRehearsal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * What a cold JVM is slow at, done on a second thread while the first one reads the flags: the
 * first pod that asks need not wait for it. Asks nobody.
 */
final class WarmStart {
  private static final String WORTHWHILE_FOR = "server";
  private static final long PATIENCE_MILLIS = 5_000;

  private static volatile @Nullable Thread rehearsal;

  private WarmStart() {}

  /** Begins, if these arguments may start an agent. Once in a process. */
  static void begin(List<String> arguments) {
    if (!arguments.contains(WORTHWHILE_FOR)) {
      return;
    }
    // Whoever finds the log half set up is given a stand-in that takes no level and no format.
    LoggerFactory.getILoggerFactory();
    var thread = new Thread(EksAuthRehearsal::run, "warm-start");
    thread.setDaemon(true);
    thread.start();
    rehearsal = thread;
  }

  /**
   * Waits until it is done, for 5 seconds at most; not at all if nothing has begun. Two threads
   * that load the AWS SDK at once would only stand in each other's way.
   *
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  static void await() throws InterruptedException {
    Thread thread = rehearsal;
    if (thread != null) {
      thread.join(PATIENCE_MILLIS);
    }
  }
}
