package dev.podidentity.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-jdk")
class SchedulerTest {
  @Test
  void takesWhatIsCenturiesAway() {
    var executor = new ScheduledThreadPoolExecutor(1);
    try {
      var unused = Scheduler.of(executor).schedule(() -> {}, Duration.ofDays(3_000_000));

      assertThat(executor.getQueue())
          .singleElement()
          .matches(task -> ((Delayed) task).getDelay(TimeUnit.DAYS) > 36_000);
    } finally {
      executor.shutdownNow();
    }
  }
}
