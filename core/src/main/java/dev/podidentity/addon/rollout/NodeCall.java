package dev.podidentity.addon.rollout;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One call of {@link NodeAgents}, on whatever thread runs it. Thread-safe. */
final class NodeCall implements Runnable {
  /** What is called. */
  enum Kind {
    LOOK,
    START,
    STOP
  }

  /**
   * How a call ended.
   *
   * @param running what a look found; empty for nothing
   * @param failure why it failed; null if it did not
   */
  record Result(String running, @Nullable String failure) {}

  private static final int MAX_REASON = 300;

  final Kind kind;
  final String node;
  final Optional<AgentRevision> revision;
  final Instant deadline;

  /** Whether it was given up; the engine's lock guards it. */
  boolean late;

  private final NodeAgents agents;
  private final BiConsumer<NodeCall, Result> ended;
  private final Object lock = new Object();

  @GuardedBy("lock")
  private @Nullable Thread thread;

  @GuardedBy("lock")
  private boolean interrupted;

  NodeCall(
      Kind kind,
      String node,
      Optional<AgentRevision> revision,
      Instant deadline,
      NodeAgents agents,
      BiConsumer<NodeCall, Result> ended) {
    this.kind = kind;
    this.node = node;
    this.revision = revision;
    this.deadline = deadline;
    this.agents = agents;
    this.ended = ended;
  }

  /** The id of the revision that it starts; empty for none. */
  String revisionId() {
    return revision.map(AgentRevision::id).orElse("");
  }

  // An embedder's code may throw anything: whatever it is, it is this call's failure.
  @Override
  public void run() {
    Result result;
    try {
      result = begin() ? new Result(call(), null) : new Result("", "was given up");
    } catch (Throwable e) {
      result = new Result("", reason(e));
    } finally {
      end();
    }
    ended.accept(this, result);
  }

  /** Ends it without its ever having run. */
  void refused(Throwable e) {
    ended.accept(this, new Result("", reason(e)));
  }

  private String call() throws Exception {
    return switch (kind) {
      case LOOK -> agents.running(node).orElse("");
      case START -> {
        agents.start(node, revision.orElseThrow());
        yield "";
      }
      case STOP -> {
        agents.stop(node);
        yield "";
      }
    };
  }

  private boolean begin() {
    synchronized (lock) {
      thread = Thread.currentThread();
      return !interrupted;
    }
  }

  // The interrupt was for this call: the thread's next task is not to see it.
  private void end() {
    synchronized (lock) {
      thread = null;
      if (interrupted) {
        Thread.interrupted();
      }
    }
  }

  void interrupt() {
    synchronized (lock) {
      interrupted = true;
      if (thread != null) {
        thread.interrupt();
      }
    }
  }

  private static String reason(Throwable e) {
    String message = e.getMessage();
    String text = message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
    String line = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", " ");
    return line.length() > MAX_REASON ? line.substring(0, MAX_REASON) + "…" : line;
  }
}
