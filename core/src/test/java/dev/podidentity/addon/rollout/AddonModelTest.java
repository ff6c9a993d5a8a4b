package dev.podidentity.addon.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonException;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.AddonUpdate;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.addon.ResolveConflicts;
import dev.podidentity.addon.UpdateAddon;
import dev.podidentity.addon.UpdateStatus;
import dev.podidentity.addon.configuration.ConfigurationValues;
import dev.podidentity.addon.version.AddonVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever happens in whatever order, the add-on is in a state that the model allows. */
class AddonModelTest {
  enum Action {
    CREATE,
    CREATE_OVER,
    UPDATE_VALUES,
    UPDATE_VERSION,
    OVERWRITE,
    PRESERVE,
    FAULT,
    FAULT_ON_NEW,
    CURE,
    NO_STOPPING,
    RUN_ONE,
    RUN_ALL,
    PASS_SECONDS,
    PASS_MINUTES,
    HANG,
    PAUSE,
    RESUME,
    UNDO,
    RESTART_AGENTS,
    CHANGE_OUTSIDE,
    DELETE,
    DELETE_PRESERVED,
    JOIN,
    LEAVE,
    LOSE_AGENT,
    KILL,
    FILL_DISK
  }

  record Step(Action action, int choice) {}

  private static final Duration LONG = Duration.ofMinutes(40);

  /** What may follow on what without another status in between being seen. */
  private static Set<AddonStatus> after(AddonStatus status) {
    return switch (status) {
      case CREATING ->
          EnumSet.of(
              AddonStatus.CREATING,
              AddonStatus.ACTIVE,
              AddonStatus.CREATE_FAILED,
              AddonStatus.DEGRADED,
              AddonStatus.DELETING);
      case ACTIVE, DEGRADED, CREATE_FAILED, UPDATE_FAILED, UPDATING ->
          EnumSet.complementOf(EnumSet.of(AddonStatus.CREATING));
      case DELETING, DELETE_FAILED -> EnumSet.of(AddonStatus.DELETING, AddonStatus.DELETE_FAILED);
    };
  }

  @Property(tries = 400)
  void isInAStateThatTheModelAllowsWithHistoryToMatch(@ForAll("steps") List<Step> steps) {
    var store = new RewritingStore();
    var names = new ArrayList<>(AddonFixture.names(5));
    var fixture = new AddonFixture(names, store);
    Optional<Addon> before = Optional.empty();
    List<AddonUpdate> history = List.of();

    for (Step step : steps) {
      take(step, fixture, names, store);

      Optional<Addon> now = addon(fixture);
      requireAllowed(before, now);
      history = requireHistory(history, fixture, before, now);
      requireConsistent(fixture);
      before = now;
    }

    settles(fixture, store);
  }

  private static void take(
      Step step, AddonFixture fixture, List<String> names, RewritingStore store) {
    try {
      take(step.action(), step.choice(), fixture, names, store);
    } catch (AddonException e) {
      assertThat(e.failure().code()).isNotEmpty();
    }
  }

  private static void take(
      Action action, int choice, AddonFixture fixture, List<String> names, RewritingStore store) {
    ClusterAddons addons = fixture.addons;
    String node = names.isEmpty() ? "none" : names.get(choice % names.size());
    switch (action) {
      case CREATE -> addons.create(CreateAddon.builder().build());
      case CREATE_OVER ->
          addons.create(
              CreateAddon.builder()
                  .resolveConflicts(ResolveConflicts.OVERWRITE)
                  .configurationValues(values(choice))
                  .build());
      case UPDATE_VALUES -> fixture.update(values(choice));
      case UPDATE_VERSION ->
          addons.update(
              UpdateAddon.builder()
                  .addonVersion(
                      AddonVersion.parse(
                          choice % 2 == 0 ? "v1.0.0-eksbuild.1" : "v1.1.0-eksbuild.1"))
                  .build());
      case OVERWRITE -> resolve(addons, ResolveConflicts.OVERWRITE, choice);
      case PRESERVE -> resolve(addons, ResolveConflicts.PRESERVE, choice);
      case FAULT -> fixture.nodes.works = (name, revision) -> !name.equals(node);
      case FAULT_ON_NEW -> {
        Set<String> known = Set.copyOf(fixture.nodes.known);
        fixture.nodes.works = (name, revision) -> known.contains(revision.id());
      }
      case CURE -> {
        fixture.nodes.works = (name, revision) -> true;
        fixture.nodes.stops = true;
        store.full = false;
      }
      case NO_STOPPING -> fixture.nodes.stops = false;
      case RUN_ONE -> fixture.nodes.runOne();
      case RUN_ALL -> fixture.nodes.runAll();
      case PASS_SECONDS -> fixture.pass(Duration.ofSeconds(choice + 1));
      case PASS_MINUTES -> fixture.pass(Duration.ofMinutes(choice + 1));
      case HANG -> fixture.scheduler.advance(Duration.ofMinutes(choice + 1));
      case PAUSE -> addons.rollout().pause();
      case RESUME -> addons.rollout().resume();
      case UNDO -> addons.rollout().undo();
      case RESTART_AGENTS -> addons.rollout().restart();
      case CHANGE_OUTSIDE -> addons.rollout().change(ConfigurationValues.parse(values(choice)));
      case DELETE -> addons.delete(Addon.NAME, false);
      case DELETE_PRESERVED -> addons.delete(Addon.NAME, true);
      case JOIN -> {
        String joining = "late-" + choice;
        if (!names.contains(joining)) {
          names.add(joining);
        }
        addons.nodeJoined(joining);
      }
      case LEAVE -> {
        names.remove(node);
        fixture.nodes.running.remove(node);
        addons.nodeLeft(node);
      }
      case LOSE_AGENT -> {
        fixture.nodes.running.remove(node);
        addons.agentLost(node, "killed");
      }
      case KILL -> {
        // What a full disk has not taken in is lost with the process, as everybody was told.
        store.full = false;
        // Any event has it kept.
        addons.nodeLeft("none");
        names.forEach(addons::nodeJoined);
        fixture.restart(names);
      }
      case FILL_DISK -> store.full = true;
    }
  }

  private static void resolve(ClusterAddons addons, ResolveConflicts resolution, int choice) {
    addons.update(
        UpdateAddon.builder()
            .resolveConflicts(resolution)
            .configurationValues(values(choice))
            .build());
  }

  private static String values(int choice) {
    return switch (choice % 4) {
      case 0 -> "";
      case 1 -> AddonFixture.IPV4;
      case 2 -> AddonFixture.DEBUG;
      default -> "{\"updateStrategy\":{\"rollingUpdate\":{\"maxUnavailable\":2}}}";
    };
  }

  private static Optional<Addon> addon(AddonFixture fixture) {
    return fixture.addons.list().isEmpty() ? Optional.empty() : Optional.of(fixture.describe());
  }

  private static void requireAllowed(Optional<Addon> before, Optional<Addon> now) {
    if (before.isPresent() && now.isPresent() && same(before, now)) {
      assertThat(now.get().status()).isIn(after(before.get().status()));
    }
    now.ifPresent(AddonModelTest::requireReason);
  }

  private static boolean same(Optional<Addon> before, Optional<Addon> now) {
    return before.map(Addon::addonArn).equals(now.map(Addon::addonArn));
  }

  /** Who reads that something failed also reads why. */
  private static void requireReason(Addon addon) {
    switch (addon.status()) {
      case CREATE_FAILED, UPDATE_FAILED, DELETE_FAILED, DEGRADED ->
          assertThat(addon.issues()).as("%s", addon).isNotEmpty();
      case CREATING, ACTIVE, UPDATING, DELETING -> {}
    }
  }

  private static List<AddonUpdate> requireHistory(
      List<AddonUpdate> before, AddonFixture fixture, Optional<Addon> was, Optional<Addon> now) {
    if (now.isEmpty()) {
      return List.of();
    }
    List<AddonUpdate> history = fixture.addons.listUpdates(Addon.NAME);
    if (same(was, now)) {
      assertThat(history.size()).isGreaterThanOrEqualTo(before.size());
      for (int i = 1; i <= before.size(); i++) {
        AddonUpdate old = before.get(before.size() - i);
        AddonUpdate current = history.get(history.size() - i);
        assertThat(current.id()).isEqualTo(old.id());
        if (old.status() != UpdateStatus.IN_PROGRESS) {
          assertThat(current).isEqualTo(old);
        }
      }
    }
    List<AddonUpdate> open =
        history.stream().filter(u -> u.status() == UpdateStatus.IN_PROGRESS).toList();
    assertThat(open).hasSizeLessThanOrEqualTo(1);
    if (!open.isEmpty()) {
      assertThat(now.get().status()).isEqualTo(AddonStatus.UPDATING);
      assertThat(open).containsExactly(history.get(0));
    }
    return history;
  }

  private static void requireConsistent(AddonFixture fixture) {
    AddonRollout rollout = fixture.addons.rollout();
    List<AgentRevision> history;
    try {
      history = rollout.history();
    } catch (AddonException e) {
      return;
    }
    assertThat(history).hasSizeLessThanOrEqualTo(DaemonSet.MAX_REVISIONS + 7);
    assertThat(history.stream().map(AgentRevision::number)).isSorted().doesNotHaveDuplicates();
    assertThat(history.stream().map(AgentRevision::id)).doesNotHaveDuplicates();
    RolloutStatus status = rollout.status();
    assertThat(status.updated()).isLessThanOrEqualTo(status.available());
    assertThat(status.available()).isLessThanOrEqualTo(status.desired());
    assertThat(status.revision()).isEqualTo(history.get(history.size() - 1).number());
  }

  /**
   * With every fault gone, everything comes to its end by itself, and nodes run what they are to.
   */
  private static void settles(AddonFixture fixture, RewritingStore store) {
    fixture.nodes.works = (name, revision) -> true;
    fixture.nodes.stops = true;
    store.full = false;
    fixture.nodes.runAll();
    try {
      fixture.addons.rollout().resume();
    } catch (AddonException e) {
      assertThat(e).hasMessageContaining("daemon set");
    }
    fixture.pass(LONG);

    addon(fixture)
        .ifPresent(
            addon -> {
              assertThat(addon.status().isTransient()).as("%s", addon).isFalse();
              assertThat(addon.status()).isNotIn(AddonStatus.DEGRADED, AddonStatus.DELETE_FAILED);
              assertThat(fixture.addons.listUpdates(Addon.NAME))
                  .allSatisfy(u -> assertThat(u.status()).isNotEqualTo(UpdateStatus.IN_PROGRESS));
            });
    fixture.nodes.requireAsKnown(fixture.addons);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(Arbitraries.of(Action.class), Arbitraries.integers().between(0, 11))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }
}
