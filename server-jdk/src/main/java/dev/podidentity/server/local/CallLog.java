package dev.podidentity.server.local;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last calls that were made. */
final class CallLog {
  private static final int MAX = 10_000;

  @GuardedBy("this")
  private final Deque<LocalEksCall> calls = new ArrayDeque<>();

  synchronized void add(LocalEksCall call) {
    if (calls.size() == MAX) {
      calls.removeFirst();
    }
    calls.addLast(call);
  }

  synchronized List<LocalEksCall> all() {
    return List.copyOf(calls);
  }
}
