package dev.podidentity.server;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What came of a soak.
 *
 * @param length how long it took
 * @param requests requests that were sent
 * @param answered those that got the pod's own credentials
 * @param failures the others, by cause
 * @param lateFailures pods without credentials at the end, when all faults were over
 * @param calls calls to EKS Auth
 * @param pods pods that there were in all
 * @param rotations new tokens of pods that went on
 * @param restarts restarts of the agent
 * @param entries what the cache holds at the end
 * @param atStart what the process held when each pod had been answered once
 * @param atEnd what it holds at the end
 */
record SoakReport(
    Duration length,
    int requests,
    int answered,
    Map<String, AtomicInteger> failures,
    int lateFailures,
    int calls,
    int pods,
    int rotations,
    int restarts,
    int entries,
    Held atStart,
    Held atEnd) {
  static final String NOT_ITS_OWN = "200 with another pod's credentials";

  /** What the faults that are switched on may lead to, and nothing else may happen. */
  private static final Set<String> EXPECTED =
      Set.of(
          "503 ServiceUnavailableException",
          "503 ThrottlingException",
          "503 UpstreamTimeoutException",
          "503 UpstreamUnreachableException",
          "503 CredentialsPendingException",
          "503 AgentOverloadedException",
          "503 AgentClosedException",
          "500 InternalServerException",
          "400 ExpiredTokenException",
          "404 ResourceNotFoundException",
          "no connection, during a restart");

  private static final int TOLERANCE = 30;
  private static final long HEAP_TOLERANCE = 24L << 20;

  /**
   * What a process holds.
   *
   * @param footprint its threads and descriptors
   * @param heap bytes on its heap once all garbage is collected
   */
  record Held(Footprint footprint, long heap) {
    static Held now() throws IOException {
      return new Held(Footprint.now(), Footprint.heap());
    }

    /** Whether threads or descriptors are more than noise explains. */
    boolean isMoreThan(Held other) {
      return !footprint.isWithin(other.footprint, TOLERANCE);
    }

    @Override
    public String toString() {
      return "%d descriptors, %d threads, %.1f MiB of heap"
          .formatted(footprint.descriptors(), footprint.threads(), heap / 1048576.0);
    }
  }

  /** What should not be; empty if all is well. */
  List<String> problems() {
    var problems = new ArrayList<String>();
    failures.keySet().stream().filter(cause -> !EXPECTED.contains(cause)).forEach(problems::add);
    if (lateFailures > 0) {
      problems.add(lateFailures + " pods without credentials at the end");
    }
    if (atEnd.isMoreThan(atStart)) {
      problems.add("more threads or descriptors than at the start");
    }
    if (atEnd.heap() > atStart.heap() + HEAP_TOLERANCE) {
      problems.add("more memory than at the start");
    }
    return problems;
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    line(text, "length", length.toString().substring(2));
    line(text, "requests", requests);
    line(text, "answered with the pod's own credentials", answered);
    new TreeMap<>(failures).forEach((cause, count) -> line(text, cause, count));
    line(text, "pods without credentials at the end", lateFailures);
    line(text, "calls upstream", calls);
    line(text, "pods in all, " + Soak.PODS + " at a time", pods);
    line(text, "tokens rotated", rotations);
    line(text, "restarts of the agent", restarts);
    line(text, "entries at the end", entries);
    line(text, "at the start", atStart);
    line(text, "at the end", atEnd);
    return text.toString();
  }

  private static void line(StringBuilder text, String what, Object value) {
    text.append("| ").append(what).append(" | ").append(value).append(" |\n");
  }
}
