package dev.podidentity.server.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;

/**
 * Pods that ask the AWS SDK's own provider for credentials again and again, once all of them have
 * started one by one. With credentials that live for two minutes at most, it asks the agent each
 * time.
 */
final class SdkPods implements AutoCloseable {
  private static final int PAUSE_MILLIS = 1_000;

  private final PodProperties properties = PodProperties.install();
  private final Semaphore starting = new Semaphore(2);
  private final CountDownLatch stop = new CountDownLatch(1);
  private final AtomicInteger answers = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<AtomicInteger> answersByPod = new ArrayList<>();

  SdkPods(List<LocalEksPod> pods) {
    for (LocalEksPod pod : pods) {
      var count = new AtomicInteger();
      answersByPod.add(count);
      var thread = new Thread(() -> live(pod, count), pod.pod().pod().name());
      threads.add(thread);
      thread.start();
    }
  }

  private void live(LocalEksPod pod, AtomicInteger count) {
    properties.enter(pod);
    try (var provider = ContainerCredentialsProvider.create()) {
      starting.acquire();
      ask(provider, pod, count);
      starting.release();
      do {
        ask(provider, pod, count);
      } while (!stop.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(ContainerCredentialsProvider provider, LocalEksPod pod, AtomicInteger count) {
    try {
      provider.resolveCredentials();
      count.incrementAndGet();
      answers.incrementAndGet();
    } catch (RuntimeException e) {
      failures.add(
          pod.pod().pod().name() + " on " + pod.pod().nodeName() + ": " + e + " " + e.getCause());
    }
  }

  /** How many times pods got credentials. */
  int answers() {
    return answers.get();
  }

  /** Waits until each pod got credentials once more. */
  void awaitARound() {
    List<Integer> before = answersByPod.stream().map(AtomicInteger::get).toList();
    Until.answer(
        () -> {
          boolean all = true;
          for (int i = 0; i < before.size(); i++) {
            all &= answersByPod.get(i).get() > before.get(i);
          }
          return all;
        },
        all -> all || !failures.isEmpty());
  }

  /** Each time that a pod did not get credentials. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    stop.countDown();
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    } finally {
      properties.close();
    }
  }
}
