package dev.podidentity.addon.rollout;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonException;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.AddonUpdate;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.addon.UpdateAddon;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.local.MovableClock;
import dev.podidentity.schedule.ManualScheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The add-on on a cluster whose nodes and time a test moves. */
final class AddonFixture {
  static final ClusterArn CLUSTER = ClusterArn.of("us-west-2", "111122223333", "my-cluster");
  static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
  private static final Duration STEP = Duration.ofSeconds(5);
  static final String IPV4 = "{\"agent\":{\"additionalArgs\": { \"-b\": \"169.254.170.23\"}}}";
  static final String DEBUG = "{\"agent\":{\"additionalArgs\": { \"-v\": \"debug\"}}}";

  final MovableClock clock = MovableClock.startingAt(START);
  final ManualScheduler scheduler = new ManualScheduler(clock);
  final FakeNodes nodes = new FakeNodes();
  final RolloutSettings settings = RolloutSettings.defaults();
  final AddonStore store;
  private final Random random = new Random(1);
  ClusterAddons addons;

  AddonFixture(int size) {
    this(names(size), AddonStore.inMemory());
  }

  AddonFixture(List<String> names, AddonStore store) {
    this.store = store;
    this.addons = open(names);
  }

  static List<String> names(int size) {
    return IntStream.range(0, size).mapToObj(i -> String.format("node-%02d", i)).toList();
  }

  private ClusterAddons open(List<String> names) {
    try {
      return ClusterAddons.builder(CLUSTER, nodes)
          .nodes(names)
          .settings(settings)
          .clock(clock)
          .scheduler(scheduler)
          .executor(nodes)
          .random(random)
          .open(store);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills the process and starts it again; its agents are gone with it. */
  void restart(List<String> names) {
    addons.close();
    nodes.waiting.clear();
    nodes.running.clear();
    reopen(names);
  }

  /** Opens what is kept again. */
  void reopen(List<String> names) {
    addons = open(names);
  }

  /** Creates the add-on and lets its agents start. */
  Addon created() {
    addons.create(CreateAddon.builder().build());
    nodes.runAll();
    return describe();
  }

  AddonUpdate update(String values) {
    return addons.update(UpdateAddon.builder().configurationValues(values).build());
  }

  Addon describe() {
    return addons.describe(Addon.NAME);
  }

  AddonStatus status() {
    return describe().status();
  }

  AddonUpdate last() {
    return addons.listUpdates(Addon.NAME).get(0);
  }

  /** Lets time pass, and the calls that come due with it. */
  void pass(Duration time) {
    nodes.runAll();
    for (Duration left = time; !left.isZero(); left = left.minus(step(left))) {
      scheduler.advance(step(left));
      nodes.runAll();
    }
  }

  private static Duration step(Duration left) {
    return left.compareTo(STEP) < 0 ? left : STEP;
  }

  static AddonFailure refusal(ThrowingCallable call) {
    return catchThrowableOfType(AddonException.class, call).failure();
  }
}
