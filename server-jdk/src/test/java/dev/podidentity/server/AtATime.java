package dev.podidentity.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does the same for many, a few of them at once. */
final class AtATime {
  private AtATime() {}

  /** What is done for one. */
  @FunctionalInterface
  interface Work<T, R> {
    R of(T one) throws Exception;
  }

  /** The results, in the order of what they are of. */
  static <T, R> List<R> all(int atATime, List<T> many, Work<T, R> work) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(atATime);
    try {
      var results = new ArrayList<R>();
      List<Callable<R>> tasks = many.stream().<Callable<R>>map(one -> () -> work.of(one)).toList();
      for (Future<R> result : threads.invokeAll(tasks)) {
        results.add(result.get());
      }
      return results;
    } finally {
      threads.shutdownNow();
    }
  }
}
