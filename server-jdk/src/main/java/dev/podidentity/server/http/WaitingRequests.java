package dev.podidentity.server.http;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait for a thread. The first comes first, until it has waited for long: then
 * clients that are slow are many, and the newest and the oldest come in turn. Behind such a crowd a
 * request is not to wait until all of them have had a thread, and none of them is to wait for ever.
 * To be used by one thread at a time.
 */
final class WaitingRequests {
  /** In nanoseconds: when the first has waited for so long, slow clients are many. */
  static final long LONG = TimeUnit.MILLISECONDS.toNanos(50);

  private final Deque<Waiting> requests = new ArrayDeque<>();
  private boolean newest;

  private record Waiting(Runnable request, long since) {}

  int size() {
    return requests.size();
  }

  boolean isEmpty() {
    return requests.isEmpty();
  }

  void add(Runnable request, long now) {
    requests.addLast(new Waiting(request, now));
  }

  /** Takes the one that comes next. */
  @Nullable Runnable poll(long now) {
    Waiting first = requests.peekFirst();
    if (first == null) {
      return null;
    }
    newest = now - first.since() >= LONG && !newest;
    return (newest ? requests.removeLast() : requests.removeFirst()).request();
  }
}
