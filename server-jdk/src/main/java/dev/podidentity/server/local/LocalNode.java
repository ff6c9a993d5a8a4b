package dev.podidentity.server.local;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.LocalKubelet;
import dev.podidentity.local.LocalPod;
import dev.podidentity.server.PodIdentityServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The node that the pods of a local EKS run on: an agent on loopback, and a kubelet. */
final class LocalNode implements AutoCloseable {
  private final PodIdentityServer agent;
  private final Path folder;
  private final LocalKubelet kubelet;

  private LocalNode(PodIdentityServer agent, Path folder, LocalKubelet kubelet) {
    this.agent = agent;
    this.folder = folder;
    this.kubelet = kubelet;
  }

  static LocalNode start(LocalCluster cluster, CredentialSource eksAuth) throws IOException {
    PodIdentityServer agent =
        PodIdentityServer.builder(
                PodIdentityAgent.builder()
                    .bindingRules(BindingRules.parse(List.of("127.0.0.1")))
                    .source(eksAuth)
                    .clock(cluster.clock())
                    .build())
            .port(0)
            .start();
    Path folder = Files.createTempDirectory("pod-identity-local-eks-");
    return new LocalNode(agent, folder, cluster.kubelet(folder));
  }

  LocalEksPod run(LocalPod pod) {
    return new LocalEksPod(pod, kubelet.mount(pod), agent.credentialUris().get(0));
  }

  void stop(LocalPod pod) {
    kubelet.unmount(pod);
  }

  void sync() {
    kubelet.sync();
  }

  @Override
  public void close() {
    agent.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
