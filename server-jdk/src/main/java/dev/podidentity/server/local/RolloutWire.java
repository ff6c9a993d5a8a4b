package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.Addon;
import dev.podidentity.addon.rollout.AddonRollout;
import dev.podidentity.addon.rollout.AgentRevision;
import dev.podidentity.addon.rollout.RolloutStatus;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** The agents' daemon set, its revisions and its pods as Kubernetes writes them. */
final class RolloutWire {
  static final String NAMESPACE = "kube-system";

  private static final int SUFFIX = 5;

  private RolloutWire() {}

  static ObjectNode daemonSet(AddonRollout rollout) {
    RolloutStatus status = rollout.status();
    ObjectNode json = object("apps/v1", "DaemonSet");
    json.set("metadata", metadata(Addon.NAME).put("generation", status.revision()));
    json.putObject("spec")
        .put("paused", status.paused())
        .putObject("updateStrategy")
        .put("type", "RollingUpdate");
    ObjectNode numbers =
        json.putObject("status")
            .put("observedGeneration", status.revision())
            .put("desiredNumberScheduled", status.desired())
            .put("updatedNumberScheduled", status.updated())
            .put("numberAvailable", status.available())
            .put("numberUnavailable", status.desired() - status.available());
    ObjectNode condition =
        numbers
            .putArray("conditions")
            .addObject()
            .put("type", "Complete")
            .put("status", status.complete() ? "True" : "False")
            .put("message", status.message());
    ObjectNode failures = condition.putObject("failures");
    status.failures().forEach(failures::put);
    return json;
  }

  /** Revisions with their flags; environment variables may hold secrets, and are not shown. */
  static ObjectNode revisions(List<AgentRevision> history) {
    ObjectNode json = object("apps/v1", "ControllerRevisionList");
    var items = json.putArray("items");
    for (AgentRevision revision : history) {
      ObjectNode item = items.addObject();
      ObjectNode metadata =
          metadata(Addon.NAME + "-" + revision.id())
              .put("creationTimestamp", revision.createdAt().toString());
      metadata.putObject("annotations").put("kubernetes.io/change-cause", revision.cause());
      item.set("metadata", metadata);
      ObjectNode data =
          item.putObject("data").put("addonVersion", revision.template().version().toString());
      ObjectNode flags = data.putObject("additionalArgs");
      revision.template().values().agentSettings().arguments().forEach(flags::put);
      item.put("revision", revision.number());
    }
    return json;
  }

  /** The pod of each node's agent; one that is not ready is pending. */
  static ObjectNode pods(RolloutStatus status) {
    ObjectNode json = object("v1", "PodList");
    var items = json.putArray("items");
    status
        .revisions()
        .forEach(
            (node, revision) -> {
              ObjectNode item = items.addObject();
              item.set("metadata", metadata(Addon.NAME + "-" + suffix(node, revision)));
              item.putObject("spec").put("nodeName", node);
              boolean ready = revision > 0;
              item.putObject("status")
                  .put("phase", ready ? "Running" : "Pending")
                  .putArray("containerStatuses")
                  .addObject()
                  .put("name", Addon.NAME)
                  .put("ready", ready);
            });
    return json;
  }

  private static String suffix(String node, int revision) {
    return UUID.nameUUIDFromBytes((node + "/" + revision).getBytes(StandardCharsets.UTF_8))
        .toString()
        .substring(0, SUFFIX);
  }

  private static ObjectNode object(String apiVersion, String kind) {
    return JsonNodeFactory.instance.objectNode().put("apiVersion", apiVersion).put("kind", kind);
  }

  private static ObjectNode metadata(String name) {
    return JsonNodeFactory.instance.objectNode().put("name", name).put("namespace", NAMESPACE);
  }
}
