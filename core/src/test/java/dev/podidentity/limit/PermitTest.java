package dev.podidentity.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PermitTest {
  private final AtomicInteger givenBack = new AtomicInteger();
  private final Permit permit = Permit.of(givenBack::incrementAndGet);

  @Test
  void isGivenBackOnce() {
    permit.close();
    permit.close();

    assertThat(givenBack).hasValue(1);
  }

  @Test
  void isHeldUntilTheTaskThatHasItEnds() {
    List<Runnable> tasks = new ArrayList<>();
    permit.handOver(tasks::add, () -> assertThat(givenBack).hasValue(0));
    assertThat(permit.isHeld()).isTrue();

    tasks.forEach(Runnable::run);

    assertThat(givenBack).hasValue(1);
  }

  @Test
  void isGivenBackByATaskThatThrows() {
    Throwable thrown =
        catchThrowable(
            () ->
                permit.handOver(
                    Runnable::run,
                    () -> {
                      throw new StackOverflowError();
                    }));

    assertThat(thrown).isInstanceOf(StackOverflowError.class);
    assertThat(givenBack).hasValue(1);
  }

  @Test
  void isGivenBackWhereTheExecutorThrowsAndTheTaskRunsNoMore() {
    List<Runnable> tasks = new ArrayList<>();
    var ran = new AtomicInteger();
    Executor late =
        task -> {
          tasks.add(task);
          throw new OutOfMemoryError("unable to create native thread");
        };

    Throwable thrown = catchThrowable(() -> permit.handOver(late, ran::incrementAndGet));
    assertThat(thrown).isInstanceOf(OutOfMemoryError.class);
    assertThat(givenBack).hasValue(1);
    tasks.forEach(Runnable::run);

    assertThat(ran).hasValue(0);
    assertThat(givenBack).hasValue(1);
  }
}
