package dev.podidentity.examples.kubernetes;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.association.RoleArn;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.cache.CacheListener;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.PodIdentityServer;
import dev.podidentity.server.metrics.AgentMetrics;
import dev.podidentity.server.metrics.PrometheusText;
import dev.podidentity.token.ServiceAccountRef;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an agent exposes that has answered a pod and refused another one: names and labels. */
final class ExposedMetrics {
  private static final Pattern SAMPLE = Pattern.compile("(?m)^(\\w+)(?:\\{([^}]*)\\})? \\S+$");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"");
  private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$");

  private final Map<String, Set<String>> labels = new TreeMap<>();
  private final Map<String, String> types = new TreeMap<>();

  private ExposedMetrics(String page) {
    for (Matcher type = TYPE.matcher(page); type.find(); ) {
      types.put(type.group(1), type.group(2));
    }
    for (Matcher sample = SAMPLE.matcher(page); sample.find(); ) {
      Set<String> names = labels.computeIfAbsent(sample.group(1), name -> new TreeSet<>());
      if (sample.group(2) != null) {
        for (Matcher label = LABEL.matcher(sample.group(2)); label.find(); ) {
          names.add(label.group(1));
        }
      }
    }
  }

  static ExposedMetrics ofAnAgent() throws IOException, InterruptedException {
    var registry = new PrometheusRegistry();
    var metrics = AgentMetrics.register(registry, Clock.systemUTC());
    metrics.build("version", "jdk");
    JvmMetrics.builder().register(registry);
    LocalCluster cluster = LocalCluster.builder().build();
    var account = new ServiceAccountRef("shop", "checkout");
    cluster.associations().create(account, RoleArn.parse("arn:aws:iam::111122223333:role/a"));
    try (var cache =
            CachingCredentialSource.builder(cluster.credentials())
                .listener(CacheListener.all(metrics.cacheListener()))
                .build();
        var server =
            PodIdentityServer.builder(
                    PodIdentityAgent.builder()
                        .bindingRules(BindingRules.parse(List.of("127.0.0.1")))
                        .source(cache)
                        .listener(metrics.agentListener())
                        .build())
                .port(0)
                .listener(metrics.serverListener())
                .start()) {
      metrics.watchCache(cache::state);
      metrics.watchAddresses(() -> Map.of("127.0.0.1", true));
      URI uri = server.credentialUris().get(0);
      ask(uri, cluster.projectedToken(cluster.startPod(account, "checkout-1")));
      ask(uri, cluster.projectedToken(cluster.startPod(new ServiceAccountRef("a", "b"), "c")));
      return new ExposedMetrics(PrometheusText.of(registry).page(null).text());
    }
  }

  private static void ask(URI uri, String token) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri).header("Authorization", token).build();
    HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
  }

  Set<String> names() {
    return labels.keySet();
  }

  /** The labels of a sample; those of a metric that had none yet are not known. */
  Set<String> labelsOf(String sample) {
    return labels.getOrDefault(sample, Set.of());
  }

  /** Whether rates can be computed of it. */
  boolean counts(String sample) {
    String metric = sample.replaceFirst("_(bucket|count|sum)$", "");
    String type = types.getOrDefault(sample, types.getOrDefault(metric, ""));
    return Set.of("counter", "histogram", "untyped").contains(type);
  }
}
