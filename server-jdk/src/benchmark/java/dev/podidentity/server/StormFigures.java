package dev.podidentity.server;

import dev.podidentity.credential.cache.CachingCredentialSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Pods that all start at once at an agent that has nothing yet, with every default. */
final class StormFigures {
  private static final long UPSTREAM_MILLIS = 50;
  private static final long PAUSE_MILLIS = 1000;

  private StormFigures() {}

  /** Prints a row for each number of pods. */
  static void print() throws Exception {
    System.out.println(
        "\nFirst fetches at once, "
            + UPSTREAM_MILLIS
            + " ms upstream\n\n"
            + "| pods | answered at once | slowest of them, ms | refused | slowest of them, ms |"
            + " rounds until all were answered | calls upstream |\n"
            + "| --- | --- | --- | --- | --- | --- | --- |");
    print(10, "warm-up");
    for (int pods : List.of(50, 250, 500, 1000, 2000)) {
      print(pods, Integer.toString(pods));
    }
  }

  private static void print(int pods, String name) throws Exception {
    var calls = new AtomicInteger();
    var caches = new ArrayList<CachingCredentialSource>();
    try (var agent =
        AgentFixture.of(
            cluster -> {
              caches.add(
                  CachingCredentialSource.builder(
                          token -> {
                            calls.incrementAndGet();
                            pause(UPSTREAM_MILLIS);
                            return cluster.credentials().fetch(token);
                          })
                      .build());
              return caches.get(0);
            },
            null)) {
      List<String> tokens = Stream.generate(agent::token).limit(pods).toList();
      List<PodStorm.Answer> first = PodStorm.begin(agent.ipv4(), tokens).answers();
      int rounds = 1;
      for (List<String> left = refused(first); !left.isEmpty(); rounds++) {
        pause(PAUSE_MILLIS);
        left = refused(PodStorm.begin(agent.ipv4(), left).answers());
      }
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %.0f | %d | %.0f | %d | %d |%n",
          name,
          pods - refused(first).size(),
          slowest(first, true),
          refused(first).size(),
          slowest(first, false),
          rounds,
          calls.get());
    } finally {
      caches.forEach(CachingCredentialSource::close);
    }
  }

  private static List<String> refused(List<PodStorm.Answer> answers) {
    return answers.stream()
        .filter(answer -> !answer.isCredentials())
        .map(PodStorm.Answer::token)
        .toList();
  }

  private static double slowest(List<PodStorm.Answer> answers, boolean credentials) {
    return answers.stream()
        .filter(answer -> answer.isCredentials() == credentials)
        .mapToDouble(PodStorm.Answer::millis)
        .max()
        .orElse(0);
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
