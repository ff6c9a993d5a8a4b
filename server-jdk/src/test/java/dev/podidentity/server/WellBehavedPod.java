package dev.podidentity.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Asks an agent again and again, each time on a connection of its own, as AWS SDKs do. */
final class WellBehavedPod {
  private static final int CONTAINERS = 3;

  /** All containers together stay below the 200 requests a second that a pod may send. */
  private static final int PAUSE_MILLIS = 16;

  private final InetSocketAddress agent;
  private final String authorization;

  WellBehavedPod(InetSocketAddress agent, String token) {
    this.agent = agent;
    this.authorization = "Authorization: " + token;
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

  /**
   * Asks so many times, or up to a failure, three requests at a time as pods of several containers
   * do.
   */
  Answers asks(int times) throws InterruptedException {
    var answers =
        new Answers(
            Collections.synchronizedList(new ArrayList<>()),
            Collections.synchronizedList(new ArrayList<>()));
    List<Thread> containers =
        Stream.generate(() -> new Thread(() -> askAgainAndAgain(times / CONTAINERS, answers)))
            .limit(CONTAINERS)
            .toList();
    containers.forEach(Thread::start);
    for (Thread container : containers) {
      container.join();
    }
    Collections.sort(answers.millis());
    return answers;
  }

  private void askAgainAndAgain(int times, Answers answers) {
    var never = new CountDownLatch(1);
    try {
      for (int i = 0; i < times && answers.failures().isEmpty(); i++) {
        ask(answers);
        var unused = never.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      answers.failures().add(e.toString());
    }
  }

  private void ask(Answers answers) {
    long start = System.nanoTime();
    try {
      var response =
          RawHttp.exchange(agent, "GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1", authorization);
      if (response.status() != 200) {
        answers.failures().add(response.status() + " " + response.body());
      }
    } catch (IOException e) {
      answers.failures().add(e.toString());
    }
    answers.millis().add((System.nanoTime() - start) / 1e6);
  }
}
