package dev.podidentity.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BoundedCountersTest {
  private static final int MAX = 100;

  private final BoundedCounters<Integer> counters = new BoundedCounters<>(MAX, any -> true);

  private void use(int key, long now) {
    counters.update(key, now, 0, value -> value + 1);
  }

  private int kept() {
    return counters.count(any -> true);
  }

  @Test
  void countsForEachKey() {
    use(1, 0);
    use(1, 0);
    use(2, 0);

    assertThat(counters.get(1, -1)).isEqualTo(2);
    assertThat(counters.get(2, -1)).isEqualTo(1);
    assertThat(counters.get(3, -1)).isEqualTo(-1);
  }

  @Test
  void forgetsTheLeastRecentlyUsedKeysAlone() {
    IntStream.range(0, MAX).forEach(key -> use(key, key));
    IntStream.range(0, 10).forEach(key -> use(key, MAX + key));
    IntStream.range(MAX, MAX + 20).forEach(key -> use(key, MAX + key));

    assertThat(kept()).isEqualTo(MAX);
    assertThat(IntStream.range(0, MAX + 20).filter(key -> counters.get(key, 0) == 0))
        .containsExactlyElementsOf(IntStream.range(10, 30).boxed().toList());
  }

  @Test
  void keepsWhatMustNotBeForgotten() {
    var held = new BoundedCounters<Integer>(MAX, value -> value == 0);
    IntStream.range(0, 2 * MAX).forEach(key -> held.update(key, key, 0, value -> value + 1));
    assertThat(held.count(value -> value == 1)).isEqualTo(2 * MAX);

    IntStream.range(0, 2 * MAX).forEach(key -> held.update(key, key, 0, value -> value - 1));
    held.update(-1, 3 * MAX, 0, value -> value + 1);

    assertThat(held.get(-1, 0)).isEqualTo(1);
    assertThat(held.count(any -> true)).isLessThanOrEqualTo(2 * MAX);
  }

  @Test
  void losesNoChangeOfAKeyThatManyThreadsUse() throws InterruptedException, ExecutionException {
    var held = new BoundedCounters<Integer>(1, value -> value == 0);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      var users = new ArrayList<Future<?>>();
      for (int user = 0; user < 4; user++) {
        int other = user + 1;
        users.add(threads.submit(() -> useTogether(held, other)));
      }
      for (Future<?> user : users) {
        user.get();
      }
    } finally {
      threads.shutdownNow();
    }

    assertThat(held.get(0, -1)).isEqualTo(4 * 20_000);
  }

  private static void useTogether(BoundedCounters<Integer> held, int other) {
    for (int i = 0; i < 20_000; i++) {
      held.update(0, i, 0, value -> value + 1);
      held.update(other, i, 0, value -> value + 1);
      held.update(other, i, 0, value -> value - 1);
    }
  }
}
