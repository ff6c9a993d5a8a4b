package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.version.AddonCatalogue;
import dev.podidentity.addon.version.AddonVersionInfo;
import dev.podidentity.addon.version.Compatibility;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The versions of an add-on as EKS' API writes them. */
final class AddonVersionWire {
  private AddonVersionWire() {}

  /**
   * The catalogue.
   *
   * @param kubernetes the Kubernetes version that alone is of interest; null for all
   */
  static ObjectNode write(AddonCatalogue catalogue, @Nullable String kubernetes) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("addonName", catalogue.addonName())
        .put("type", catalogue.type())
        .put("publisher", catalogue.publisher())
        .put("owner", catalogue.owner())
        .put("defaultNamespace", catalogue.defaultNamespace());
    var versions = json.putArray("addonVersions");
    for (AddonVersionInfo version : catalogue.versions()) {
      List<Compatibility> wanted =
          version.compatibilities().stream()
              .filter(one -> kubernetes == null || one.clusterVersion().equals(kubernetes))
              .toList();
      if (!wanted.isEmpty()) {
        versions.add(write(version, wanted));
      }
    }
    return json;
  }

  private static ObjectNode write(AddonVersionInfo version, List<Compatibility> wanted) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("addonVersion", version.addonVersion().toString());
    var architectures = json.putArray("architecture");
    version.architectures().forEach(architectures::add);
    var computeTypes = json.putArray("computeTypes");
    version.computeTypes().forEach(computeTypes::add);
    var compatibilities = json.putArray("compatibilities");
    wanted.forEach(one -> compatibilities.add(write(one)));
    return json.put("requiresConfiguration", version.requiresConfiguration())
        .put("requiresIamPermissions", version.requiresIamPermissions());
  }

  private static ObjectNode write(Compatibility compatibility) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("clusterVersion", compatibility.clusterVersion());
    var platforms = json.putArray("platformVersions");
    compatibility.platformVersions().forEach(platforms::add);
    return json.put("defaultVersion", compatibility.defaultVersion());
  }
}
