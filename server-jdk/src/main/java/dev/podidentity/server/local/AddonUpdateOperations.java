package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.AddonUpdate;
import dev.podidentity.addon.rollout.ClusterAddons;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** EKS' operations on updates. A local cluster has no updates but those of its add-on. */
final class AddonUpdateOperations {
  private static final String ALL = "/clusters/([^/]+)/updates";

  private final AddonAnswers answers;
  private final Supplier<ClusterAddons> addons;

  AddonUpdateOperations(String clusterName, Supplier<ClusterAddons> addons) {
    this.answers = new AddonAnswers(clusterName);
    this.addons = addons;
  }

  List<EksOperation> operations() {
    return List.of(
        EksOperation.aws("ListUpdates", "GET", ALL, answers.ofCluster(this::list)),
        EksOperation.aws(
            "DescribeUpdate", "GET", ALL + "/([^/]+)", answers.ofCluster(this::describe)));
  }

  private ObjectNode list(EksRequest request) {
    @Nullable String addonName = request.first("addonName");
    List<String> ids =
        addonName == null
            ? List.of()
            : addons.get().listUpdates(addonName).stream().map(AddonUpdate::id).toList();
    return Page.of(ids, request).write("updateIds", JsonNodeFactory.instance::textNode);
  }

  private ObjectNode describe(EksRequest request) {
    @Nullable String addonName = request.first("addonName");
    if (addonName == null) {
      throw new IllegalArgumentException(
          "addonName is missing: a local cluster has no updates but those of its add-on");
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set(
        "update", AddonWire.write(addons.get().describeUpdate(addonName, request.path().get(1))));
    return json;
  }
}
