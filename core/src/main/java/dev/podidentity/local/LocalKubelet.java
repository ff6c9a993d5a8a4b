package dev.podidentity.local;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the kubelet does for the tokens of pods: puts them into files, and puts new ones there when
 * 80 percent of their life is over. It looks when it is told to. Thread-safe.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/storage/projected-volumes/">Projected service
 *     account tokens</a>
 */
public final class LocalKubelet {
  private static final double ROTATE_AFTER = 0.8;
  private static final String FILE_NAME = "eks-pod-identity-token";

  private record Mounted(LocalPod pod, Path file, Instant writtenAt) {}

  private final LocalCluster cluster;
  private final Clock clock;
  private final Path folder;
  private final Map<String, Mounted> mountedByPodUid = new ConcurrentHashMap<>();

  LocalKubelet(LocalCluster cluster, Clock clock, Path folder) {
    this.cluster = cluster;
    this.clock = clock;
    this.folder = requireNonNull(folder, "folder");
  }

  /**
   * Puts a pod's token into a file of its own, below this kubelet's folder; a file that is there
   * already stays as it is.
   *
   * @return the file, which {@code AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE} names to the pod
   * @throws UncheckedIOException if the file cannot be written
   */
  public Path mount(LocalPod pod) {
    return mountedByPodUid.computeIfAbsent(pod.pod().uid(), uid -> write(pod)).file();
  }

  /**
   * Takes a pod's file away; the token in it stays good until it expires.
   *
   * @throws UncheckedIOException if the file cannot be deleted
   */
  public void unmount(LocalPod pod) {
    @Nullable Mounted mounted = mountedByPodUid.remove(pod.pod().uid());
    if (mounted != null) {
      delete(mounted.file());
    }
  }

  /**
   * Puts new tokens where 80 percent of the old one's life is over.
   *
   * @return how many were replaced
   * @throws UncheckedIOException if a file cannot be written
   */
  public int sync() {
    Instant now = clock.instant();
    int replaced = 0;
    for (Mounted mounted : List.copyOf(mountedByPodUid.values())) {
      if (!now.isBefore(mounted.writtenAt().plus(rotationAge(LocalCluster.TOKEN_LIFETIME)))) {
        mountedByPodUid.put(mounted.pod().pod().uid(), write(mounted.pod()));
        replaced++;
      }
    }
    return replaced;
  }

  /** The age at which a token of this life is replaced. */
  static Duration rotationAge(Duration lifetime) {
    return Duration.ofSeconds((long) (lifetime.toSeconds() * ROTATE_AFTER));
  }

  // A reader finds the old token or the new one, never a part.
  private Mounted write(LocalPod pod) {
    Path podFolder = folder.resolve(pod.pod().uid());
    Path file = podFolder.resolve(FILE_NAME);
    Instant now = clock.instant();
    try {
      SecretFiles.createFolder(podFolder);
      Path fresh = podFolder.resolve(FILE_NAME + ".new");
      SecretFiles.write(fresh, cluster.projectedToken(pod));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The token of pod "
              + pod.pod().name()
              + " cannot be written below "
              + folder
              + ": check that it is a folder, its rights, and the room on its disk",
          e);
    }
    return new Mounted(pod, file, now);
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
      Files.deleteIfExists(requireNonNull(file.getParent()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
