package dev.podidentity.examples.kubernetes;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Manifests as objects of Kubernetes' own types; a field that these do not have is refused. */
final class Manifests {
  private static final Map<String, Class<? extends HasMetadata>> TYPES =
      Map.of(
          "apps/v1 DaemonSet", DaemonSet.class,
          "v1 Service", Service.class,
          "v1 ServiceAccount", ServiceAccount.class,
          "rbac.authorization.k8s.io/v1 ClusterRole", ClusterRole.class,
          "rbac.authorization.k8s.io/v1 ClusterRoleBinding", ClusterRoleBinding.class,
          "v1 ConfigMap", ConfigMap.class,
          "monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class,
          "monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class);

  // The model classes keep what they do not know in a map of their own: it is taken away here.
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return false;
                }
              })
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final JsonMapper YAML =
      new JsonMapper(new YAMLFactory().enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL));

  private Manifests() {}

  static List<HasMetadata> parse(String yaml) throws IOException {
    var parsed = new ArrayList<HasMetadata>();
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
      while (documents.hasNextValue()) {
        JsonNode document = documents.nextValue();
        if (!document.isEmpty()) {
          parsed.add(parse(document));
        }
      }
    }
    return parsed;
  }

  private static HasMetadata parse(JsonNode document) throws IOException {
    String type = document.path("apiVersion").asText() + " " + document.path("kind").asText();
    Class<? extends HasMetadata> modelClass = TYPES.get(type);
    if (modelClass == null) {
      throw new IOException("the chart renders a " + type + ", which no test knows");
    }
    return MAPPER.treeToValue(document, modelClass);
  }

  /** Those of one type. */
  static <T extends HasMetadata> List<T> of(Class<T> type, String yaml) throws IOException {
    return parse(yaml).stream().filter(type::isInstance).map(type::cast).toList();
  }
}
