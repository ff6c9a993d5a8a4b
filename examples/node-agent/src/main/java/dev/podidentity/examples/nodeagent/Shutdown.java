package dev.podidentity.examples.nodeagent;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Lets a command live until the process is told to stop: SIGTERM, SIGINT, or SIGHUP where it is not
 * ignored. The command then closes what it has opened, and exits as it likes. A second signal ends
 * the process at once, with 128 and the signal's number as its exit code: 143 for SIGTERM.
 *
 * <p>A shutdown hook of the JVM would not do: while hooks run, a second signal has no effect.
 */
final class Shutdown {
  private static final Logger log = LoggerFactory.getLogger(Shutdown.class);
  private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");
  private static final int KILLED = 128;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicBoolean stopping = new AtomicBoolean();

  private Shutdown() {}

  /** Takes the process' signals; one that arrives before {@link #await} is remembered. */
  static Shutdown onSignal() {
    var shutdown = new Shutdown();
    SIGNALS.forEach(shutdown::take);
    return shutdown;
  }

  private void take(String name) {
    var signal = new Signal(name);
    try {
      SignalHandler before = Signal.handle(signal, this::stop);
      if (before.equals(SignalHandler.SIG_IGN)) {
        Signal.handle(signal, before);
      }
    } catch (IllegalArgumentException e) {
      log.atWarn()
          .addKeyValue("signal", signal.getName())
          .log("The JVM leaves this signal alone (-Xrs): it ends the process without a drain");
    }
  }

  private void stop(Signal signal) {
    if (stopping.compareAndSet(false, true)) {
      asked.countDown();
    } else {
      Runtime.getRuntime().halt(KILLED + signal.getNumber());
    }
  }

  /** Waits until the process is told to stop. */
  void await() throws InterruptedException {
    asked.await();
  }
}
