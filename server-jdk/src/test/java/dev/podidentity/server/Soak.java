package dev.podidentity.server;

import dev.podidentity.association.RoleArn;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.local.Fault;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A node's life in fast motion: 500 pods that ask, come and go and get new tokens, an EKS Auth that
 * fails in one way after another, and an agent that is restarted again and again.
 */
final class Soak implements AutoCloseable {
  static final int PODS = 500;

  private static final int CLIENTS = 8;
  private static final int MAX_LOOKS = 20;
  private static final String OF_POD = "soak-session-of-";
  private static final List<Fault> FAULTS =
      List.of(
          new Fault.Unavailable(),
          new Fault.Throttle(),
          new Fault.Hang(),
          new Fault.Reset(),
          new Fault.Slow(Duration.ofMillis(1500)),
          new Fault.ServerError(),
          new Fault.ClockSkew(Duration.ofDays(2)),
          new Fault.NotYetVisible(Duration.ofDays(1)));
  private static final Pattern CODE = Pattern.compile("\"code\":\"([^\"]+)\"");

  private final Duration length;
  private final Rhythm rhythm;
  private final LocalCluster cluster = LocalCluster.builder().build();
  private final List<ServiceAccountRef> accounts =
      IntStream.range(0, 20).mapToObj(i -> new ServiceAccountRef("soak", "app-" + i)).toList();
  private final TokenVerifier verifier =
      TokenVerifier.jwks(cluster.issuer(), cluster::jwks, Clock.systemUTC(), Duration.ZERO);
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger restarts = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger answered = new AtomicInteger();
  private final Map<String, AtomicInteger> failures = new ConcurrentHashMap<>();

  private final ScheduledExecutorService threads =
      Executors.newScheduledThreadPool(
          CLIENTS + 2,
          task -> {
            var thread = new Thread(task, "soak");
            thread.setDaemon(true);
            return thread;
          });
  private final LocalEks eks = LocalEks.start(cluster);
  private final SoakedPods pods;
  private final InetSocketAddress address;
  private volatile boolean restarting;
  private SoakedAgent agent;

  /**
   * How long EKS Auth is well between two faults, how long a fault lasts, and how often pods ask.
   *
   * @param calm longer than refusals are remembered, or no pod recovers
   * @param fault longer than the slowest of the faults takes to be noticed
   * @param between how long a client waits between two requests
   */
  record Rhythm(Duration calm, Duration fault, Duration between) {
    static final Rhythm USUAL =
        new Rhythm(Duration.ofSeconds(3), Duration.ofSeconds(2), Duration.ofMillis(10));
    static final Rhythm QUICK =
        new Rhythm(Duration.ofMillis(1200), Duration.ofMillis(1600), Duration.ofMillis(25));

    /** Each fault once, and half as many restarts. */
    Duration once() {
      return calm.plus(fault).multipliedBy(FAULTS.size());
    }
  }

  Soak(Duration length, Rhythm rhythm) throws IOException {
    this.length = length;
    this.rhythm = rhythm;
    RoleArn role = RoleArn.parse("arn:aws:iam::111122223333:role/soak");
    accounts.forEach(account -> cluster.associations().create(account, role));
    pods = new SoakedPods(cluster, accounts, PODS);
    agent = SoakedAgent.start(0, eks.endpoint(), this::noted, verifier);
    address = agent.address();
  }

  /** The soak, for its whole length, or until it is interrupted. */
  SoakReport run() throws Exception {
    askForAll();
    SoakReport.Held atStart = SoakReport.Held.now();
    for (int i = 0; i < CLIENTS; i++) {
      every(rhythm.between().toMillis(), this::askForAny);
    }
    every(100, pods::replaceOne);
    every(50, pods::rotateOne);
    long end = System.nanoTime() + length.toNanos();
    for (int round = 0; System.nanoTime() < end; round++) {
      Fault fault = FAULTS.get(round % FAULTS.size());
      pause(rhythm.calm());
      cluster.faults().switchOn(fault);
      pause(rhythm.fault());
      cluster.faults().switchOff(fault.getClass());
      if (round % 2 == 1) {
        restart();
      }
    }
    threads.shutdown();
    boolean ended = threads.awaitTermination(30, TimeUnit.SECONDS);
    if (!ended) {
      throw new IllegalStateException("a pod never got an answer");
    }
    // Refusals are remembered for a second.
    pause(Duration.ofSeconds(2));
    int lateFailures = askForAll();
    return report(atStart, lateFailures);
  }

  private SoakReport report(SoakReport.Held atStart, int lateFailures) throws Exception {
    return new SoakReport(
        length,
        requests.get(),
        answered.get(),
        Map.copyOf(failures),
        lateFailures,
        calls.get(),
        pods.started(),
        pods.rotated(),
        restarts.get(),
        agent.entries(),
        atStart,
        heldAtEnd(atStart));
  }

  // Threads without work end after a while.
  private static SoakReport.Held heldAtEnd(SoakReport.Held atStart) throws Exception {
    var held = SoakReport.Held.now();
    for (int looks = 0; looks < MAX_LOOKS && held.isMoreThan(atStart); looks++) {
      pause(Duration.ofSeconds(1));
      held = SoakReport.Held.now();
    }
    return held;
  }

  private void every(long millis, Runnable task) {
    var unused = threads.scheduleWithFixedDelay(task, millis, millis, TimeUnit.MILLISECONDS);
  }

  // The session token says for whom it was made: whoever else is handed it is a failure.
  private CredentialSource noted(CredentialSource eksAuth) {
    return token -> {
      calls.incrementAndGet();
      TemporaryCredentials credentials = eksAuth.fetch(token);
      return TemporaryCredentials.builder()
          .accessKeyId(credentials.accessKeyId())
          .secretAccessKey(credentials.secretAccessKey())
          .sessionToken(OF_POD + token.pod().orElseThrow().uid())
          .accountId(credentials.accountId())
          .expiration(credentials.expiration())
          .build();
    };
  }

  private void restart() throws IOException {
    restarting = true;
    restarts.incrementAndGet();
    agent.close();
    agent = SoakedAgent.start(address.getPort(), eks.endpoint(), this::noted, verifier);
    restarting = false;
  }

  private int askForAll() {
    int before = answered.get();
    List<SoakedPods.Pod> all = pods.all();
    all.forEach(this::ask);
    return all.size() - (answered.get() - before);
  }

  private void askForAny() {
    ask(pods.any());
  }

  private void ask(SoakedPods.Pod pod) {
    requests.incrementAndGet();
    int before = restarts.get();
    boolean duringRestart = restarting;
    try (var connection = RawHttp.connect(address)) {
      var response =
          connection.sendUnprinted(
              "GET /v1/credentials HTTP/1.1",
              "Host: " + SoakedAgent.HOST,
              "Authorization: " + pod.token());
      judge(pod, response);
    } catch (IOException e) {
      // It may have begun before the restart, and ended when all was over.
      boolean restarted = duringRestart || restarts.get() != before;
      count(restarted ? "no connection, during a restart" : "no connection");
    }
  }

  private void judge(SoakedPods.Pod pod, RawHttp.Response response) {
    if (response.status() != 200) {
      Matcher code = CODE.matcher(response.body());
      count(response.status() + " " + (code.find() ? code.group(1) : "without a code"));
      return;
    }
    if (response.body().contains("\"" + OF_POD + pod.pod().pod().uid() + "\"")) {
      answered.incrementAndGet();
    } else {
      count(SoakReport.NOT_ITS_OWN);
    }
  }

  private void count(String failure) {
    failures.computeIfAbsent(failure, unused -> new AtomicInteger()).incrementAndGet();
  }

  private static void pause(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  @Override
  public void close() {
    threads.shutdownNow();
    agent.close();
    eks.close();
  }

  /** Takes the minutes. */
  public static void main(String[] args) throws Exception {
    try (var soak = new Soak(Duration.ofMinutes(Long.parseLong(args[0])), Rhythm.USUAL)) {
      SoakReport report = soak.run();
      System.out.println(report);
      if (!report.problems().isEmpty()) {
        throw new IllegalStateException(report.problems().toString());
      }
    }
  }
}
