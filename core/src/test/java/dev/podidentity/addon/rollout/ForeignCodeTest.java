package dev.podidentity.addon.rollout;

import static dev.podidentity.addon.rollout.AddonFixture.CLUSTER;
import static dev.podidentity.addon.rollout.AddonFixture.IPV4;
import static dev.podidentity.addon.rollout.AddonFixture.names;
import static dev.podidentity.addon.rollout.AddonFixture.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.local.MovableClock;
import dev.podidentity.schedule.ManualScheduler;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Agents, executors and stores are somebody else's: whatever they do, the engine goes on. */
class ForeignCodeTest {
  private final AddonFixture fixture = new AddonFixture(2);

  @Test
  void takesWhateverAnAgentThrowsAsItsFailure() {
    fixture.nodes.works =
        (node, revision) -> {
          throw new StackOverflowError();
        };
    fixture.created();
    fixture.pass(Duration.ofMinutes(1));

    assertThat(fixture.status()).isEqualTo(AddonStatus.CREATE_FAILED);
    assertThat(fixture.describe().issues().get(0).message()).contains("StackOverflowError");
  }

  @Test
  void shortensWhatAnAgentSaysToOneLine() {
    fixture.nodes.works =
        (node, revision) -> {
          throw new IllegalStateException("line\n\u2028\u009b2J".repeat(10_000));
        };
    fixture.created();
    fixture.pass(Duration.ofMinutes(1));

    assertThat(fixture.describe().issues().get(0).message())
        .doesNotContain("\n", "\u2028", "\u009b")
        .hasSizeLessThan(1000);
  }

  @Test
  void triesAgainWhenTheExecutorHasNoRoom() throws IOException {
    var clock = MovableClock.startingAt(AddonFixture.START);
    var scheduler = new ManualScheduler(clock);
    var full = new AtomicBoolean(true);
    var agents = new FakeNodes();
    try (var addons =
        ClusterAddons.builder(CLUSTER, agents)
            .nodes(names(1))
            .clock(clock)
            .scheduler(scheduler)
            .executor(
                task -> {
                  if (full.get()) {
                    throw new RejectedExecutionException("full");
                  }
                  task.run();
                })
            .open(AddonStore.inMemory())) {
      addons.create(CreateAddon.builder().build());
      assertThat(agents.running).isEmpty();

      full.set(false);
      scheduler.advance(Duration.ofMinutes(1));

      assertThat(addons.describe(Addon.NAME).status()).isEqualTo(AddonStatus.ACTIVE);
    }
  }

  @Test
  void worksWithAnExecutorThatRunsTasksOnTheCaller() throws IOException {
    var agents = new FakeNodes();
    try (var addons =
        ClusterAddons.builder(CLUSTER, agents)
            .nodes(names(300))
            .executor(Runnable::run)
            .open(AddonStore.inMemory())) {
      addons.create(CreateAddon.builder().build());
      addons.rollout().restart();

      assertThat(addons.rollout().status().complete()).isTrue();
      agents.requireAsKnown(addons);
    }
  }

  @Test
  void interruptsACallThatTakesTooLongAndReadsMeanwhile() throws Exception {
    var clock = MovableClock.startingAt(AddonFixture.START);
    var scheduler = new ManualScheduler(clock);
    var started = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    NodeAgents hanging =
        new NodeAgents() {
          @Override
          public void start(String node, AgentRevision revision) throws InterruptedException {
            started.countDown();
            try {
              new CountDownLatch(1).await();
            } finally {
              interrupted.countDown();
            }
          }

          @Override
          public void stop(String node) {}
        };
    try (var addons =
        ClusterAddons.builder(CLUSTER, hanging)
            .nodes(List.of("node"))
            .clock(clock)
            .scheduler(scheduler)
            .open(AddonStore.inMemory())) {
      addons.create(CreateAddon.builder().build());
      assertThat(started.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(addons.describe(Addon.NAME).status()).isEqualTo(AddonStatus.CREATING);

      scheduler.advance(RolloutSettings.defaults().startTimeout());

      assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void changesNothingThatCannotBeKept() {
    var store = new RewritingStore();
    var kept = new AddonFixture(names(2), store);
    kept.created();
    store.full = true;

    assertThat(refusal(() -> kept.update(IPV4))).isEqualTo(AddonFailure.SERVER);
    kept.nodes.runAll();

    assertThat(kept.status()).isEqualTo(AddonStatus.ACTIVE);
    assertThat(kept.addons.listUpdates(Addon.NAME)).isEmpty();
    assertThat(kept.addons.rollout().history()).hasSize(1);
    store.full = false;
    kept.update(IPV4);
    kept.nodes.runAll();
    assertThat(kept.status()).isEqualTo(AddonStatus.ACTIVE);
  }

  @Test
  void goesOnWithARolloutWhoseProgressCannotBeKept() {
    var store = new RewritingStore();
    var kept = new AddonFixture(names(2), store);
    kept.created();
    kept.update(IPV4);
    store.full = true;
    kept.nodes.runAll();

    assertThat(kept.status()).isEqualTo(AddonStatus.ACTIVE);
    store.full = false;
    kept.restart(names(2));
    kept.nodes.runAll();

    assertThat(kept.status()).isEqualTo(AddonStatus.ACTIVE);
    assertThat(Optional.of(kept.last()).filter(update -> update.endedAt().isPresent())).isPresent();
  }

  @Test
  void takesNothingMoreOnceItIsClosed() {
    fixture.created();
    fixture.addons.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> fixture.update(IPV4))
        .withMessageContaining("closed");
    fixture.addons.nodeJoined("late");
    assertThat(fixture.nodes.waiting).isEmpty();
  }
}
