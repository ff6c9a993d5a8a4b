package dev.podidentity.examples.nodeagent;

import dev.podidentity.association.RoleArn;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Measures start and memory of the agent as an image has it, beside the plain jar on the same JDK,
 * in turns. The command is in docs/operations.md. No test: what it prints depends on the machine.
 */
final class FootprintMeasurement {
  private static final int STARTS = Integer.getInteger("footprint.starts", 11);
  private static final int REQUESTS = Integer.getInteger("footprint.requests", 100_000);
  private static final int PODS = 100;
  private static final int CLIENTS = 4;
  private static final long IDLE_SECONDS = 10;
  private static final double NANOS_PER_MILLI = 1e6;
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");

  private final LocalEks eks;

  private FootprintMeasurement(LocalEks eks) {
    this.eks = eks;
    eks.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/checkout"));
  }

  /** Takes the homes of the JDKs to measure on. */
  public static void main(String[] jdks) throws Exception {
    Path folder = Files.createTempDirectory("footprint");
    try (var eks = LocalEks.start()) {
      var measurement = new FootprintMeasurement(eks);
      var commands = new LinkedHashMap<String, List<String>>();
      for (String jdk : jdks) {
        var home = Path.of(jdk);
        if (Files.isDirectory(home)) {
          String version = home.getFileName().toString();
          String java = home.resolve("bin/java").toString();
          var image = AgentImage.build(home, folder.resolve("jdk" + commands.size()));
          commands.put(version + ", plain", List.of(java, "-jar", NodeAgentJar.path()));
          commands.put(version + ", image", image.command());
        }
      }
      measurement.run(commands);
    }
  }

  private void run(Map<String, List<String>> commands) throws Exception {
    Map<String, List<double[]>> starts = new LinkedHashMap<>();
    for (int round = 0; round <= STARTS; round++) {
      for (var command : commands.entrySet()) {
        double[] start = start(command.getValue());
        if (round > 0) { // the first one reads from the disk
          starts.computeIfAbsent(command.getKey(), name -> new ArrayList<>()).add(start);
        }
      }
    }
    System.out.println(
        "| | ready | first answer | processor time | idle | after " + REQUESTS + " requests |");
    for (var command : commands.entrySet()) {
      List<double[]> all = starts.getOrDefault(command.getKey(), List.of());
      double[] memory = memory(command.getValue());
      System.out.printf(
          "| %s | %s | %s | %s | %.0f MiB | %.0f MiB |%n",
          command.getKey(), spread(all, 0), spread(all, 1), spread(all, 2), memory[0], memory[1]);
    }
  }

  /** Milliseconds until it listens, until a pod is answered, and of processor time until then. */
  private double[] start(List<String> command) throws Exception {
    String token = newPod(0);
    long before = System.nanoTime();
    try (var agent = AskedAgent.start(command, eks)) {
      String answer = agent.ask(token);
      double answered = (System.nanoTime() - before) / NANOS_PER_MILLI;
      double used = agent.processorTime().toMillis();
      if (!answer.startsWith("HTTP/1.1 200")) {
        System.out.println("not answered: " + answer.lines().findFirst().orElse("nothing"));
      }
      double ready = (agent.awaitListening() - before) / NANOS_PER_MILLI;
      agent.stop();
      return new double[] {ready, answered, used};
    }
  }

  private double[] memory(List<String> command) throws Exception {
    String[] unlimited = {"--pod-requests-per-second", "0", "--node-requests-per-second", "0"};
    try (var agent = AskedAgent.start(command, eks, unlimited)) {
      agent.ask(newPod(0));
      TimeUnit.SECONDS.sleep(IDLE_SECONDS);
      double idle = agent.residentMebibytes();
      load(agent);
      double loaded = agent.residentMebibytes();
      agent.stop();
      return new double[] {idle, loaded};
    }
  }

  private void load(AskedAgent agent) throws Exception {
    var requests =
        IntStream.range(0, PODS)
            .mapToObj(this::newPod)
            .map(t -> HttpRequest.newBuilder(agent.uri()).header("Authorization", t).build())
            .toList();
    var client = HttpClient.newHttpClient();
    var clients = Executors.newFixedThreadPool(CLIENTS);
    var running = new ArrayList<Future<?>>();
    for (int i = 0; i < CLIENTS; i++) {
      int offset = i;
      running.add(
          clients.submit(
              () -> {
                for (int n = offset; n < REQUESTS; n += CLIENTS) {
                  client.send(requests.get(n % PODS), BodyHandlers.discarding());
                }
                return null;
              }));
    }
    for (var each : running) {
      each.get();
    }
    clients.shutdown();
  }

  private String newPod(int number) {
    return eks.cluster().projectedToken(eks.cluster().startPod(ACCOUNT, "checkout-" + number));
  }

  private static String spread(List<double[]> all, int column) {
    double[] sorted = all.stream().mapToDouble(each -> each[column]).sorted().toArray();
    return String.format(
        "%.0f ms (%.0f to %.0f)", sorted[sorted.length / 2], sorted[0], sorted[sorted.length - 1]);
  }
}
