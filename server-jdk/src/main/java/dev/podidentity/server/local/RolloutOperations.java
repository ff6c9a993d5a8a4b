package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.Addon;
import dev.podidentity.addon.AddonException;
import dev.podidentity.addon.rollout.AddonRollout;
import dev.podidentity.addon.rollout.ClusterAddons;
import dev.podidentity.server.http.Answer;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The agents' daemon set as the cluster's API server shows it: how far its rollout is, its
 * revisions, its pods. What {@code kubectl rollout} does with a patch is an operation of its own
 * here.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/">
 *     DaemonSet</a>
 */
final class RolloutOperations {
  private static final String NAMESPACE = "/namespaces/" + RolloutWire.NAMESPACE;
  private static final String DAEMON_SET =
      "/apis/apps/v1" + NAMESPACE + "/daemonsets/" + Addon.NAME;

  private final Supplier<ClusterAddons> addons;

  RolloutOperations(Supplier<ClusterAddons> addons) {
    this.addons = addons;
  }

  List<EksOperation> operations() {
    return List.of(
        get("ReadNamespacedDaemonSet", DAEMON_SET, rollout -> RolloutWire.daemonSet(rollout)),
        get(
            "ListNamespacedControllerRevision",
            "/apis/apps/v1" + NAMESPACE + "/controllerrevisions",
            rollout -> RolloutWire.revisions(rollout.history())),
        get(
            "ListNamespacedPod",
            "/api/v1" + NAMESPACE + "/pods",
            rollout -> RolloutWire.pods(rollout.status())),
        post("PauseRollout", "pause", (rollout, request) -> rollout.pause()),
        post("ResumeRollout", "resume", (rollout, request) -> rollout.resume()),
        post("RestartRollout", "restart", (rollout, request) -> rollout.restart()),
        post("UndoRollout", "undo", RolloutOperations::undo));
  }

  @FunctionalInterface
  private interface Change {
    void make(AddonRollout rollout, EksRequest request);
  }

  private EksOperation get(String name, String path, Function<AddonRollout, ObjectNode> reader) {
    return EksOperation.kubernetes(
        name, "GET", path, answering(request -> reader.apply(rollout())));
  }

  private EksOperation post(String name, String verb, Change change) {
    return EksOperation.kubernetes(
        name,
        "POST",
        DAEMON_SET + "/" + verb,
        answering(
            request -> {
              change.make(rollout(), request);
              return RolloutWire.daemonSet(rollout());
            }));
  }

  private AddonRollout rollout() {
    return addons.get().rollout();
  }

  private static void undo(AddonRollout rollout, EksRequest request) {
    @Nullable String revision = request.first("toRevision");
    if (revision == null || revision.equals("0")) {
      rollout.undo();
    } else {
      rollout.undoTo(number(revision));
    }
  }

  private static int number(String revision) {
    try {
      return Integer.parseInt(revision);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("toRevision is no number", e);
    }
  }

  private static EksOperation.Code answering(Function<EksRequest, ObjectNode> operation) {
    return request -> {
      try {
        return Answer.json(200, operation.apply(request));
      } catch (AddonException e) {
        return switch (e.failure()) {
          case RESOURCE_NOT_FOUND -> failure(404, e);
          case INVALID_PARAMETER, INVALID_REQUEST -> failure(400, e);
          case RESOURCE_IN_USE -> failure(409, e);
          case SERVER -> failure(500, e);
        };
      } catch (IllegalArgumentException e) {
        return failure(400, e);
      }
    };
  }

  private static Answer failure(int status, RuntimeException e) {
    return Answer.json(
        status,
        JsonNodeFactory.instance
            .objectNode()
            .put("kind", "Status")
            .put("status", "Failure")
            .put("message", e.getMessage())
            .put("code", status));
  }
}
