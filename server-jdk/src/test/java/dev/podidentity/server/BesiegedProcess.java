package dev.podidentity.server;

import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.spi.HttpServerProvider;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.server.operations.OperationsServer;
import dev.podidentity.server.operations.Probes;
import dev.podidentity.testing.TestJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An agent in a JVM of its own, with the collector of the node agent's image. It ends where memory
 * does, and says what it holds.
 */
final class BesiegedProcess implements AutoCloseable {
  /** The memory that the chart gives, in MiB. */
  private static final int CONTAINER = Integer.getInteger("besieged.limit", 256);

  private static final int ROUNDS = 600;

  private final Process process;
  private final BufferedReader out;
  private final InetSocketAddress address;
  private final InetSocketAddress probes;
  private final InetSocketAddress metrics;
  private final String token;

  /**
   * What it holds.
   *
   * @param threads platform threads
   * @param descriptors open files and sockets
   * @param requests requests that have a thread
   * @param entries entries of the cache
   * @param calls flights of the cache, and waiters for them
   * @param heapKib on the heap, when all garbage was collected
   * @param residentKib of the process in memory
   */
  record Holdings(
      int threads,
      int descriptors,
      int requests,
      int entries,
      int calls,
      int heapKib,
      int residentKib) {
    private static Holdings parse(String line) {
      int[] n = Stream.of(line.split(" ", -1)).mapToInt(Integer::parseInt).toArray();
      return new Holdings(n[0], n[1], n[2], n[3], n[4], n[5], n[6]);
    }

    private String line() {
      return "%d %d %d %d %d %d %d"
          .formatted(threads, descriptors, requests, entries, calls, heapKib, residentKib);
    }
  }

  private BesiegedProcess(Process process) throws IOException {
    this.process = process;
    this.out = process.inputReader(StandardCharsets.UTF_8);
    this.address = onLoopback(nextLine());
    this.probes = onLoopback(nextLine());
    this.metrics = onLoopback(nextLine());
    this.token = nextLine();
  }

  /**
   * Starts one.
   *
   * @param onAnotherServer whether {@link AnotherProvider} makes its servers
   * @param heap as {@code -Xmx} takes it
   * @param openFiles how many it may have open, unless this process may have fewer
   */
  static BesiegedProcess start(boolean onAnotherServer, String heap, int openFiles)
      throws IOException {
    var command = new ArrayList<>(List.of("sh", "-c", "ulimit -n $0 2>/dev/null; exec \"$@\""));
    command.add(Integer.toString(openFiles));
    command.addAll(launcher());
    command.addAll(TestJvm.command());
    command.addAll(List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"));
    String options = System.getProperty("besieged.options", "");
    if (!options.isEmpty()) {
      command.addAll(List.of("@" + options, "-Dbesieged.container=" + CONTAINER));
    }
    command.addAll(List.of("-Dlogback.configurationFile=load/logback.xml"));
    command.addAll(
        TestJvm.programWithPooledKeys(BesiegedProcess.class, Boolean.toString(onAnotherServer)));
    return new BesiegedProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** A program that is given the command, and puts it into a container of that memory. */
  private static List<String> launcher() {
    String program = System.getProperty("besieged.launcher", "");
    return program.isEmpty() ? List.of() : List.of(program);
  }

  InetSocketAddress address() {
    return address;
  }

  private static InetSocketAddress onLoopback(String port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }

  /** Where the kubelet asks. */
  InetSocketAddress probes() {
    return probes;
  }

  /** The other port that pods reach. */
  InetSocketAddress metrics() {
    return metrics;
  }

  /** A token of a pod that has an association. */
  String token() {
    return token;
  }

  Holdings holdings() throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).append('\n').flush();
    return Holdings.parse(nextLine());
  }

  /** What it holds once that fits, or after a minute. */
  Holdings holdingsOnce(Predicate<Holdings> fits) throws Exception {
    var never = new CountDownLatch(1);
    Holdings held = holdings();
    for (int i = 0; i < ROUNDS && !fits.test(held); i++) {
      var unused = never.await(100, TimeUnit.MILLISECONDS);
      held = holdings();
    }
    return held;
  }

  private String nextLine() throws IOException {
    String line = out.readLine();
    if (line == null || line.startsWith("Terminating")) {
      throw new IOException("the agent's process has ended: " + line);
    }
    return line;
  }

  @Override
  public void close() throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).close();
    process.destroy();
  }

  /** The agent: prints its port and a token, and for each line of input what it holds. */
  public static void main(String[] args) throws Exception {
    var built = new AtomicReference<CachingCredentialSource>();
    HttpServerProvider provider = Boolean.parseBoolean(args[0]) ? AnotherProvider.get() : null;
    ServerBudget budget = budget();
    try (var agent =
        AgentFixture.of(
            cluster -> {
              built.set(CachingCredentialSource.builder(cluster.credentials()).build());
              return requireNonNull(built.get());
            },
            provider,
            budget)) {
      Object threads = requestThreads(agent.server);
      var checks = Probes.of(agent.server::addresses).load(agent.server::load).build();
      OperationsServer probes = operations(checks, provider, budget);
      OperationsServer metrics = operations(checks, provider, budget);
      System.out.println(agent.ipv4().getPort());
      System.out.println(probes.addresses().get(0).getPort());
      System.out.println(metrics.addresses().get(0).getPort());
      System.out.println(agent.token());
      var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      while (in.readLine() != null) {
        System.out.println(holdings(threads, requireNonNull(built.get())).line());
      }
    }
  }

  /** Of the container, if it is to be like the chart's, for the two ports that pods reach. */
  private static ServerBudget budget() {
    long mebibytes = Long.getLong("besieged.container", 0);
    return mebibytes > 0
        ? ServerBudget.ofContainer(mebibytes << 20, 2)
        : ServerBudget.ofThisProcess(2);
  }

  private static OperationsServer operations(
      Probes checks, @Nullable HttpServerProvider provider, ServerBudget budget)
      throws IOException {
    var builder =
        OperationsServer.builder(checks)
            .budget(budget)
            .listenOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return (provider == null ? builder : builder.provider(provider)).start();
  }

  private static Holdings holdings(Object threads, CachingCredentialSource cache)
      throws IOException, ReflectiveOperationException {
    var state = cache.state();
    Footprint footprint = Footprint.now();
    return new Holdings(
        footprint.threads(),
        footprint.descriptors(),
        requests(threads),
        state.entries(),
        state.fetches() + state.waiters(),
        (int) (Footprint.heap() / 1024),
        resident());
  }

  // Virtual threads are in no list of threads: what counts them is a secret of the server.
  private static Object requestThreads(PodIdentityServer server) throws IllegalAccessException {
    return ReachableObjects.from(server).stream()
        .filter(part -> part.getClass().getSimpleName().equals("RequestExecutor"))
        .findFirst()
        .orElseThrow();
  }

  private static int requests(Object threads) throws ReflectiveOperationException {
    Method running = threads.getClass().getDeclaredMethod("running");
    running.setAccessible(true);
    return (int) running.invoke(threads);
  }

  private static int resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToInt(Integer::parseInt)
        .findFirst()
        .orElseThrow();
  }
}
