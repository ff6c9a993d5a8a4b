package dev.podidentity.examples.nodeagent;

import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.LocalKubelet;
import dev.podidentity.local.LocalPod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file that a pod finds its token in; kept fresh while the pod runs, gone when closed. */
final class ProjectedTokenFile implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ProjectedTokenFile.class);

  private final Path folder;
  private final LocalKubelet kubelet;
  private final LocalPod pod;
  private final ScheduledExecutorService timer;

  private ProjectedTokenFile(Path folder, LocalKubelet kubelet, LocalPod pod) {
    this.folder = folder;
    this.kubelet = kubelet;
    this.pod = pod;
    this.timer =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var thread = new Thread(task, "kubelet");
              thread.setDaemon(true);
              return thread;
            });
    var unused = timer.scheduleWithFixedDelay(this::sync, 1, 1, TimeUnit.MINUTES);
  }

  static ProjectedTokenFile mount(LocalCluster cluster, LocalPod pod) throws IOException {
    Path folder = Files.createTempDirectory("pod-identity-");
    return new ProjectedTokenFile(folder, cluster.kubelet(folder), pod);
  }

  // What is thrown here would end the timer.
  private void sync() {
    try {
      kubelet.sync();
    } catch (UncheckedIOException e) {
      log.atWarn().setCause(e).log("The pod's token could not be replaced");
    }
  }

  Path path() {
    return kubelet.mount(pod);
  }

  @Override
  public void close() throws IOException {
    timer.shutdownNow();
    kubelet.unmount(pod);
    Files.deleteIfExists(folder);
  }
}
