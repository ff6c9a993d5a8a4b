package dev.podidentity.addon.rollout;

import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonStatus;
import dev.podidentity.addon.CreateAddon;
import dev.podidentity.addon.UpdateAddon;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process that updates the add-on for as long as it lives, one time with values that work and one
 * time with values that do not. It says what it has begun, and each start of an agent.
 */
final class KilledRollout {
  static final int NODES = 6;
  static final String BAD = "{\"env\":{\"BAD\":\"1\"}}";

  private KilledRollout() {}

  public static void main(String[] args) throws IOException {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (var addons = open(Path.of(args[0]), out)) {
      if (addons.list().isEmpty()) {
        addons.create(CreateAddon.builder().build());
      }
      for (int i = Integer.parseInt(args[1]); !out.checkError(); i++) {
        awaitIdle(addons);
        String values =
            i % 2 == 0
                ? BAD
                : "{\"updateStrategy\":{\"rollingUpdate\":{\"maxUnavailable\":%d}}}"
                    .formatted(1 + i % 5);
        out.println(
            "begun "
                + addons.update(UpdateAddon.builder().configurationValues(values).build()).id());
      }
    }
  }

  /** The add-on, on nodes whose agents start at once unless they are told to be bad. */
  static ClusterAddons open(Path file, PrintStream out) throws IOException {
    NodeAgents agents =
        new NodeAgents() {
          @Override
          public void start(String node, AgentRevision revision) {
            out.println("start " + node);
            if (revision.template().values().json().contains("BAD")) {
              throw new IllegalStateException("bad values");
            }
          }

          @Override
          public void stop(String node) {}
        };
    return ClusterAddons.builder(AddonFixture.CLUSTER, agents)
        .nodes(AddonFixture.names(NODES))
        .settings(RolloutSettings.defaults().withRetryDelay(Duration.ofMillis(1)))
        .open(AddonStore.file(file));
  }

  /** Waits until nothing is under way; who waits has a limit of its own. */
  static AddonStatus awaitIdle(ClusterAddons addons) {
    while (addons.describe(Addon.NAME).status().isTransient()
        || !addons.rollout().status().complete()) {
      Thread.onSpinWait();
    }
    return addons.describe(Addon.NAME).status();
  }
}
