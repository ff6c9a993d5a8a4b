package dev.podidentity.examples.nodeagent;

import dev.podidentity.credential.cache.PodPresence;
import dev.podidentity.kubernetes.ApiServer;
import dev.podidentity.token.PodRef;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import java.io.IOException;
import java.time.Clock;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of this node, as the API server's watch shows them. A pod that the watch does not show
 * is asked for by name before it counts as gone: a watch may be cut off, or not have begun, and
 * nobody notices. Whatever cannot be found out counts as present. Thread-safe.
 *
 * <p>Holds a name, a UID and a phase for each pod. No other class of the agent touches the
 * Kubernetes client, which is loaded only where this class is.
 */
final class NodePods implements PodPresence, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NodePods.class);

  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");
  private static final long PAGE = 100;
  private static final int CONNECT_MILLIS = 2_000;
  private static final int REQUEST_MILLIS = 5_000;

  private final KubernetesClient client;
  private final RequestConfig once;
  private final SharedIndexInformer<Pod> pods;

  private NodePods(KubernetesClient client, String nodeName, WatchReport report) {
    this.client = client;
    this.once =
        new RequestConfigBuilder(client.getConfiguration().getRequestConfig())
            .withRequestRetryBackoffLimit(0)
            .build();
    this.pods =
        client
            .pods()
            .inAnyNamespace()
            .withField("spec.nodeName", nodeName)
            .withLimit(PAGE)
            .runnableInformer(0);
    pods.itemStore(
        new ReducedStateItemStore<>(
            ReducedStateItemStore.NAME_KEY_STATE,
            Pod.class,
            client.getKubernetesSerialization(),
            "metadata.uid",
            "status.phase"));
    pods.exceptionHandler(
        (begun, e) -> {
          report.listFailed(e);
          return true;
        });
  }

  /** Begins to watch, and does not wait for the API server. */
  static NodePods watch(ApiServer apiServer, String nodeName, Clock clock) {
    var report = new WatchReport(clock);
    return watch(
        new KubernetesClientBuilder()
            .withConfig(config(apiServer, report))
            .withHttpClientBuilderConsumer(
                http -> http.addOrReplaceInterceptor(WatchReport.class.getSimpleName(), report))
            .build(),
        nodeName,
        report);
  }

  static NodePods watch(KubernetesClient client, String nodeName, WatchReport report) {
    var watched = new NodePods(client, nodeName, report);
    watched
        .pods
        .start()
        .thenRun(() -> log.atInfo().addKeyValue("node", nodeName).log("Watching this node's pods"));
    return watched;
  }

  // Nothing from the environment: no proxy, no kubeconfig. HTTP/1.1, since the API server answers
  // a token that is no longer valid with 401 and GOAWAY, and the JDK's client shows the latter. One
  // retry, since the client does not report a failed connection that it does not try again.
  private static Config config(ApiServer apiServer, WatchReport report) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(apiServer.uri().toString())
        .withCaCertFile(apiServer.caFile().toString())
        .withOauthTokenProvider(() -> token(apiServer, report))
        .withHttp2Disable(true)
        .withConnectionTimeout(CONNECT_MILLIS)
        .withRequestTimeout(REQUEST_MILLIS)
        .withRequestRetryBackoffLimit(1)
        .build();
  }

  // Without a token the API server refuses the request, which is made again. What is thrown here
  // would end the watch for ever.
  private static String token(ApiServer apiServer, WatchReport report) {
    try {
      return apiServer.token();
    } catch (IOException e) {
      report.failed("The agent's own service account token cannot be read: " + e);
      return "";
    }
  }

  @Override
  public boolean mayBePresent(String namespace, PodRef pod) {
    if (!isKnown()) {
      return true;
    }
    return isOf(pods.getStore().getByKey(namespace + "/" + pod.name()), pod)
        || mayBeAtTheApiServer(namespace, pod);
  }

  /** Whether the API server has shown all pods of the node. */
  boolean isKnown() {
    return pods.hasSynced();
  }

  private boolean mayBeAtTheApiServer(String namespace, PodRef pod) {
    try {
      return isOf(find(namespace, pod.name()), pod);
    } catch (KubernetesClientException e) {
      log.atDebug()
          .addKeyValue("namespace", namespace)
          .addKeyValue("pod", pod.name())
          .addKeyValue("cause", e.toString())
          .log("Whether a pod is gone cannot be found out");
      return true;
    }
  }

  // A renewal waits for the answer: it is asked once.
  private @Nullable Pod find(String namespace, String name) {
    return client
        .adapt(NamespacedKubernetesClient.class)
        .withRequestConfig(once)
        .call(asking -> asking.pods().inNamespace(namespace).withName(name).get());
  }

  private static boolean isOf(@Nullable Pod found, PodRef pod) {
    return found != null
        && pod.uid().equals(found.getMetadata().getUid())
        && (found.getStatus() == null || !ENDED.contains(found.getStatus().getPhase()));
  }

  @Override
  public void close() {
    pods.close();
    client.close();
  }
}
