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
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.ReducedStateItemStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
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
  private final SharedIndexInformer<Pod> pods;
  private final AtomicBoolean failing = new AtomicBoolean();

  private NodePods(KubernetesClient client, String nodeName) {
    this.client = client;
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
          if (failing.compareAndSet(false, true)) {
            log.atWarn()
                .addKeyValue("cause", e.toString())
                .log("This node's pods cannot be watched: until they can, all count as present");
          }
          return true;
        });
  }

  /** Begins to watch, and does not wait for the API server. */
  static NodePods watch(ApiServer apiServer, String nodeName) {
    return watch(new KubernetesClientBuilder().withConfig(config(apiServer)).build(), nodeName);
  }

  static NodePods watch(KubernetesClient client, String nodeName) {
    var watched = new NodePods(client, nodeName);
    watched
        .pods
        .start()
        .thenRun(() -> log.atInfo().addKeyValue("node", nodeName).log("Watching this node's pods"));
    return watched;
  }

  // Nothing from the environment: no proxy, no kubeconfig. A renewal waits for what is asked by
  // name, which is therefore asked once; the watch begins again by itself.
  private static Config config(ApiServer apiServer) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl(apiServer.uri().toString())
        .withCaCertFile(apiServer.caFile().toString())
        .withOauthTokenProvider(() -> token(apiServer))
        .withConnectionTimeout(CONNECT_MILLIS)
        .withRequestTimeout(REQUEST_MILLIS)
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  private static String token(ApiServer apiServer) {
    try {
      return apiServer.token();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public boolean mayBePresent(String namespace, PodRef pod) {
    if (!isKnown()) {
      return true;
    }
    failing.set(false);
    return isOf(pods.getStore().getByKey(namespace + "/" + pod.name()), pod)
        || mayBeAtTheApiServer(namespace, pod);
  }

  /** Whether the API server has shown all pods of the node. */
  boolean isKnown() {
    return pods.hasSynced();
  }

  private boolean mayBeAtTheApiServer(String namespace, PodRef pod) {
    try {
      return isOf(client.pods().inNamespace(namespace).withName(pod.name()).get(), pod);
    } catch (KubernetesClientException e) {
      log.atDebug()
          .addKeyValue("namespace", namespace)
          .addKeyValue("pod", pod.name())
          .addKeyValue("cause", e.toString())
          .log("Whether a pod is gone cannot be found out");
      return true;
    }
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
