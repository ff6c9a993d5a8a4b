package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.Addon;
import dev.podidentity.addon.rollout.ClusterAddons;
import dev.podidentity.json.InvalidJsonException;
import java.util.List;
import java.util.function.Supplier;

/**
 * EKS' operations on the add-ons of a cluster.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations_Amazon_Elastic_Kubernetes_Service.html">
 *     Actions</a>
 */
final class AddonOperations {
  private static final String ALL = "/clusters/([^/]+)/addons";
  private static final String ONE = ALL + "/([^/]+)";

  private final AddonAnswers answers;
  private final Supplier<ClusterAddons> addons;

  AddonOperations(String clusterName, Supplier<ClusterAddons> addons) {
    this.answers = new AddonAnswers(clusterName);
    this.addons = addons;
  }

  List<EksOperation> operations() {
    return List.of(
        EksOperation.aws("CreateAddon", "POST", ALL, answers.ofCluster(this::create)),
        EksOperation.aws("ListAddons", "GET", ALL, answers.ofCluster(this::list)),
        EksOperation.aws("DescribeAddon", "GET", ONE, answers.ofCluster(this::describe)),
        EksOperation.aws("UpdateAddon", "POST", ONE + "/update", answers.ofCluster(this::update)),
        EksOperation.aws("DeleteAddon", "DELETE", ONE, answers.ofCluster(this::delete)));
  }

  private ObjectNode create(EksRequest request) throws InvalidJsonException {
    return addon(addons.get().create(AddonWire.create(request.json())));
  }

  private ObjectNode list(EksRequest request) {
    return Page.of(addons.get().list(), request)
        .write("addons", JsonNodeFactory.instance::textNode);
  }

  private ObjectNode describe(EksRequest request) {
    return addon(addons.get().describe(request.path().get(1)));
  }

  private ObjectNode update(EksRequest request) throws InvalidJsonException {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set(
        "update",
        AddonWire.write(
            addons.get().update(AddonWire.update(request.path().get(1), request.json()))));
    return json;
  }

  private ObjectNode delete(EksRequest request) {
    boolean preserve = "true".equals(request.first("preserve"));
    return addon(addons.get().delete(request.path().get(1), preserve));
  }

  private static ObjectNode addon(Addon addon) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("addon", AddonWire.write(addon));
    return json;
  }
}
