package dev.podidentity.server;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks an agent again and again, each time on a connection of its own, as AWS SDKs do. */
final class WellBehavedPod {
  private static final int PAUSE_MILLIS = 5;

  private final AgentFixture agent;
  private final String authorization;

  WellBehavedPod(AgentFixture agent) {
    this.agent = agent;
    this.authorization = "Authorization: " + agent.token();
  }

  /**
   * What it got.
   *
   * @param millis how long each answer took, in ascending order
   * @param failures each answer that was not credentials
   */
  record Answers(List<Double> millis, List<String> failures) {
    double slowest() {
      return millis.get(millis.size() - 1);
    }

    double median() {
      return millis.get(millis.size() / 2);
    }

    @Override
    public String toString() {
      return "%d answers, median %.1f ms, 99th %.1f ms, slowest %.1f ms, failures %s"
          .formatted(
              millis.size(), median(), millis.get(millis.size() * 99 / 100), slowest(), failures);
    }
  }

  /** Asks so many times. */
  Answers asks(int times) throws InterruptedException {
    var answers = new Answers(new ArrayList<>(), new ArrayList<>());
    var never = new CountDownLatch(1);
    for (int i = 0; i < times; i++) {
      ask(answers);
      var unused = never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
    Collections.sort(answers.millis());
    return answers;
  }

  /** Asks so many times in the background. */
  CompletableFuture<Answers> asksMeanwhile(int times) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return asks(times);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        },
        task -> new Thread(task, "well-behaved-pod").start());
  }

  private void ask(Answers answers) {
    long start = System.nanoTime();
    try {
      var response = agent.get("Host: 127.0.0.1", authorization);
      if (response.status() != 200) {
        answers.failures().add(response.status() + " " + response.body());
      }
    } catch (IOException e) {
      answers.failures().add(e.toString());
    }
    answers.millis().add((System.nanoTime() - start) / 1e6);
  }
}
