package dev.podidentity.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;

/** Pods that all ask at the same moment, each from an address of its own as on a node. */
final class PodStorm {
  private static final long STACK_BYTES = 128 * 1024;
  private static final int POD_ADDRESSES = 250;

  private final InetSocketAddress agent;
  private final CountDownLatch ready;
  private final CountDownLatch go = new CountDownLatch(1);
  private final List<CompletableFuture<Answer>> answers = new ArrayList<>();

  private PodStorm(InetSocketAddress agent, int pods) {
    this.agent = agent;
    this.ready = new CountDownLatch(pods);
  }

  /**
   * What a pod got.
   *
   * @param token the pod's token
   * @param response the answer
   * @param millis how long it took, the connection included
   */
  record Answer(String token, RawHttp.Response response, double millis) {
    boolean isCredentials() {
      return response.status() == 200;
    }
  }

  /** A storm that has broken: every pod is asking. */
  static PodStorm begin(InetSocketAddress agent, List<String> tokens) throws InterruptedException {
    var storm = new PodStorm(agent, tokens.size());
    Executor threads =
        task -> {
          var thread = new Thread(null, task, "pod", STACK_BYTES);
          thread.setDaemon(true);
          thread.start();
        };
    for (int i = 0; i < tokens.size(); i++) {
      int pod = i;
      storm.answers.add(
          CompletableFuture.supplyAsync(() -> storm.ask(pod, tokens.get(pod)), threads));
    }
    storm.ready.await();
    storm.go.countDown();
    return storm;
  }

  private Answer ask(int pod, String token) {
    try {
      InetAddress from =
          InetAddress.getByAddress(
              new byte[] {127, 1, (byte) (pod / POD_ADDRESSES), (byte) (1 + pod % POD_ADDRESSES)});
      ready.countDown();
      go.await();
      long start = System.nanoTime();
      try (var connection = RawHttp.connect(agent, from)) {
        var response =
            connection.sendUnprinted(
                "GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1", "Authorization: " + token);
        return new Answer(token, response, (System.nanoTime() - start) / 1e6);
      }
    } catch (IOException | InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  /** How many have their answer by now. */
  long answered() {
    return answers.stream().filter(CompletableFuture::isDone).count();
  }

  /** All answers; waits for them. */
  List<Answer> answers() {
    return answers.stream().map(CompletableFuture::join).toList();
  }
}
