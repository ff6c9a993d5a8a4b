package dev.podidentity.server;

import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.LocalPod;
import dev.podidentity.token.ServiceAccountRef;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** The pods of a node, which come and go, and whose tokens the kubelet replaces. Thread-safe. */
final class SoakedPods {
  private final LocalCluster cluster;
  private final List<ServiceAccountRef> serviceAccounts;
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger rotated = new AtomicInteger();
  private final List<Pod> pods = new CopyOnWriteArrayList<>();

  /**
   * A pod at one moment.
   *
   * @param pod the pod
   * @param token its newest token
   */
  record Pod(LocalPod pod, String token) {}

  SoakedPods(LocalCluster cluster, List<ServiceAccountRef> serviceAccounts, int count) {
    this.cluster = cluster;
    this.serviceAccounts = serviceAccounts;
    IntStream.range(0, count).forEach(i -> pods.add(start()));
  }

  private Pod start() {
    int number = started.getAndIncrement();
    ServiceAccountRef account = serviceAccounts.get(number % serviceAccounts.size());
    LocalPod pod = cluster.startPod(account, "pod-" + number);
    return new Pod(pod, cluster.projectedToken(pod));
  }

  List<Pod> all() {
    return List.copyOf(pods);
  }

  Pod any() {
    return pods.get(anyIndex());
  }

  private int anyIndex() {
    return ThreadLocalRandom.current().nextInt(pods.size());
  }

  /** One pod ends, and another one starts in its place. */
  void replaceOne() {
    pods.set(anyIndex(), start());
  }

  /** One pod gets a new token. */
  void rotateOne() {
    int index = anyIndex();
    LocalPod pod = pods.get(index).pod();
    pods.set(index, new Pod(pod, cluster.projectedToken(pod)));
    rotated.incrementAndGet();
  }

  int started() {
    return started.get();
  }

  int rotated() {
    return rotated.get();
  }
}
