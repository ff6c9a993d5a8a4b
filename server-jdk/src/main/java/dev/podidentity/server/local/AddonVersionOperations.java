package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.AddonException;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.addon.configuration.ConfigurationValues;
import dev.podidentity.addon.rollout.ClusterAddons;
import dev.podidentity.addon.version.AddonCatalogue;
import dev.podidentity.addon.version.AddonVersion;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** EKS' operations on the versions of add-ons that there are. */
final class AddonVersionOperations {
  private final AddonAnswers answers;
  private final Supplier<ClusterAddons> addons;

  AddonVersionOperations(String clusterName, Supplier<ClusterAddons> addons) {
    this.answers = new AddonAnswers(clusterName);
    this.addons = addons;
  }

  List<EksOperation> operations() {
    return List.of(
        EksOperation.aws(
            "DescribeAddonVersions",
            "GET",
            "/addons/supported-versions",
            answers.of(this::versions)),
        EksOperation.aws(
            "DescribeAddonConfiguration",
            "GET",
            "/addons/configuration-schemas",
            answers.of(this::configuration)));
  }

  private ObjectNode versions(EksRequest request) {
    AddonCatalogue catalogue = addons.get().catalogue();
    boolean asked =
        isOneOf(request, "addonName", catalogue.addonName())
            && isOneOf(request, "types", catalogue.type())
            && isOneOf(request, "publishers", catalogue.publisher())
            && isOneOf(request, "owners", catalogue.owner());
    @Nullable String kubernetes = request.first("kubernetesVersion");
    return Page.of(asked ? List.of(catalogue) : List.<AddonCatalogue>of(), request)
        .write("addons", one -> AddonVersionWire.write(one, kubernetes));
  }

  private static boolean isOneOf(EksRequest request, String parameter, String value) {
    List<String> values = request.query().getOrDefault(parameter, List.of());
    return values.isEmpty() || values.contains(value);
  }

  private ObjectNode configuration(EksRequest request) {
    AddonCatalogue catalogue = addons.get().catalogue();
    String name = required(request, "addonName");
    AddonVersion version = AddonVersion.parse(required(request, "addonVersion"));
    if (!name.equals(catalogue.addonName()) || catalogue.find(version).isEmpty()) {
      throw new AddonException(
          AddonFailure.RESOURCE_NOT_FOUND, "There is no version " + version + " of " + name);
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("addonName", name)
        .put("addonVersion", version.toString())
        .put("configurationSchema", ConfigurationValues.schema());
    json.putArray("podIdentityConfiguration");
    return json;
  }

  private static String required(EksRequest request, String parameter) {
    String value = request.first(parameter);
    if (value == null) {
      throw new IllegalArgumentException(parameter + " is missing");
    }
    return value;
  }
}
