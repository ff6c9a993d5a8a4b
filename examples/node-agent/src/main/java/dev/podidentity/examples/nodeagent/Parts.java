package dev.podidentity.examples.nodeagent;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a daemon is made of, closed in the reverse of the order in which it was opened. */
final class Parts implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Parts.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  /** Has a part closed before those that were opened earlier. */
  <T extends AutoCloseable> T open(T part) {
    opened.push(part);
    return part;
  }

  /** Closes all; a part that fails to close does not keep the others open. */
  @Override
  public void close() {
    while (!opened.isEmpty()) {
      close(opened.pop());
    }
  }

  @SuppressWarnings("CatchingUnchecked") // AutoCloseable lets parts throw anything
  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception e) {
      log.atWarn().setCause(e).log("A part of the agent could not be closed");
    }
  }
}
