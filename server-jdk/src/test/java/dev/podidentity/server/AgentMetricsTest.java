package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.Refusal;
import dev.podidentity.RequestLimits;
import dev.podidentity.association.RoleArn;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.cache.CacheState;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.credential.cache.DropReason;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.server.metrics.AgentMetrics;
import dev.podidentity.token.ServiceAccountToken;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every metric moves for its cause, with requests over HTTP where they are the cause. */
class AgentMetricsTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final MovableClock clock = MovableClock.startingAt(START);
  private final AgentMetrics metrics = AgentMetrics.register(registry, clock, this::ticks);
  private final LocalCluster cluster = LocalCluster.builder().clock(clock).build();
  private final List<Runnable> scheduled = new ArrayList<>();
  private CachingCredentialSource cache;
  private PodIdentityServer server;

  @BeforeEach
  void start() throws IOException {
    cluster
        .associations()
        .create(
            AgentFixture.SERVICE_ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/my-role"));
    cache =
        CachingCredentialSource.builder(cluster.credentials())
            .clock(clock)
            .ticker(this::ticks)
            .executor(Runnable::run)
            .scheduler(
                (task, delay) -> {
                  scheduled.add(task);
                  return () -> {};
                })
            .listener(metrics.cacheListener())
            .build();
    server =
        PodIdentityServer.builder(
                PodIdentityAgent.builder()
                    .bindingRules(BindingRules.parse(List.of("127.0.0.1")))
                    .source(cache)
                    .clock(clock)
                    .ticker(this::ticks)
                    .requestLimits(new RequestLimits(1, 3, 0, 0))
                    .listener(metrics.agentListener())
                    .build())
            .port(0)
            .listener(metrics.serverListener())
            .start();
    metrics.watchCache(cache::state);
    metrics.watchAddresses(() -> Map.of("127.0.0.1", true, "[fd00:ec2::23]", false));
    metrics.build("1.2.3", "17");
  }

  private long ticks() {
    return Duration.between(START, clock.instant()).toNanos();
  }

  @AfterEach
  void stop() {
    server.close();
    cache.close();
  }

  @Test
  void countsAnswersByTheirStatus() throws IOException {
    get(token());
    get("garbage");
    RawHttp.exchange(address(), "GET / HTTP/1.1", "Host: 127.0.0.1");

    assertThat(scrape().value("pod_identity_http_response{code=\"200\"}")).isEqualTo(1);
    assertThat(scrape().value("pod_identity_http_response{code=\"400\"}")).isEqualTo(1);
    assertThat(scrape().value("pod_identity_http_response{code=\"404\"}")).isEqualTo(1);
  }

  @Test
  void countsHitsAndMisses() throws IOException {
    String token = token();
    get(token);
    get(token);
    get(token);
    List.copyOf(scheduled).forEach(Runnable::run);

    assertThat(scrape().value("pod_identity_cache_state{state=\"hit\"}")).isEqualTo(2);
    assertThat(scrape().value("pod_identity_cache_state{state=\"miss\"}")).isEqualTo(1);
    assertThat(scrape().value("pod_identity_cache_state{state=\"evicted\"}")).isZero();
  }

  @Test
  void timesRequestsByTheirOutcome() throws IOException {
    String token = token();
    get(token);
    get(token);
    get("garbage");

    for (String outcome : List.of("fresh", "cached", "refused")) {
      assertThat(
              scrape()
                  .value(
                      "pod_identity_request_duration_seconds_count{outcome=\"" + outcome + "\"}"))
          .isEqualTo(1);
    }
  }

  @Test
  void countsAndTimesCalls() throws IOException {
    get(token());
    cluster
        .associations()
        .all()
        .map(association -> association.associationId())
        .toList()
        .forEach(cluster.associations()::delete);
    get(token());

    assertThat(scrape().value("pod_identity_upstream_calls_total{code=\"OK\"}")).isEqualTo(1);
    assertThat(
            scrape().value("pod_identity_upstream_calls_total{code=\"ResourceNotFoundException\"}"))
        .isEqualTo(1);
    assertThat(scrape().value("pod_identity_upstream_duration_seconds_count{outcome=\"success\"}"))
        .isEqualTo(1);
    assertThat(scrape().value("pod_identity_upstream_duration_seconds_count{outcome=\"failure\"}"))
        .isEqualTo(1);
    assertThat(scrape().value("pod_identity_refused_total{code=\"ResourceNotFoundException\"}"))
        .isEqualTo(1);
  }

  @Test
  void tellsHowManySendersAskTooOften() throws IOException {
    for (int i = 0; i < 10; i++) {
      get("garbage");
    }

    assertThat(scrape().value("pod_identity_throttled_senders")).isEqualTo(1);
    assertThat(scrape().value("pod_identity_refused_total{code=\"TooManyRequestsException\"}"))
        .isEqualTo(7);
    clock.advance(Duration.ofMinutes(6));
    assertThat(scrape().value("pod_identity_throttled_senders")).isZero();
  }

  @Test
  void remembersABoundedNumberOfSenders() throws UnknownHostException {
    for (int i = 0; i < 5000; i++) {
      var client = InetAddress.getByAddress(new byte[] {10, 0, (byte) (i >> 8), (byte) i});
      metrics.agentListener().refused(refusal(client, FailureReason.TOO_MANY_REQUESTS));
    }

    assertThat(scrape().value("pod_identity_throttled_senders")).isEqualTo(1000);
  }

  @Test
  void tellsPodsBehindOneAddressApart() {
    var agentListener = metrics.agentListener();
    agentListener.refused(tooOften(podToken("one"), true));
    agentListener.refused(tooOften(podToken("two"), true));
    agentListener.refused(tooOften(podToken("claimed"), false));
    agentListener.refused(tooOften(podToken("claimed too"), false));

    assertThat(scrape().value("pod_identity_throttled_senders"))
        .describedAs("two pods, and the address of those whose claims nobody accepted")
        .isEqualTo(3);
  }

  @Test
  void countsWhatHappensToCredentials() {
    var listener = metrics.cacheListener();
    ServiceAccountToken token = podToken("pod");
    listener.joined(token);
    listener.rotated(token);
    listener.renewed(token, START);
    listener.renewalFailed(token, failure(FailureReason.TIMED_OUT));
    listener.renewalFailed(token, failure(FailureReason.ACCESS_DENIED));
    listener.dropped(token, DropReason.CACHE_FULL);
    listener.throttled(Duration.ofSeconds(2));

    Scrape now = scrape();
    assertThat(now.value("pod_identity_cache_joined_total")).isEqualTo(1);
    assertThat(now.value("pod_identity_cache_state{state=\"miss\"}")).isEqualTo(1);
    assertThat(now.value("pod_identity_tokens_rotated_total")).isEqualTo(1);
    assertThat(now.value("pod_identity_cache_renewed_total")).isEqualTo(1);
    assertThat(
            now.value(
                "pod_identity_cache_errors{code=\"UpstreamTimeoutException\",type=\"Recoverable\"}"))
        .isEqualTo(1);
    assertThat(
            now.value(
                "pod_identity_cache_errors{code=\"AccessDeniedException\",type=\"NonRecoverable\"}"))
        .isEqualTo(1);
    assertThat(now.value("pod_identity_cache_state{state=\"evicted\"}")).isEqualTo(1);
    assertThat(now.value("pod_identity_cache_dropped_total{reason=\"cache_full\"}")).isEqualTo(1);
    assertThat(now.value("pod_identity_cache_dropped_total{reason=\"pod_gone\"}")).isZero();
    assertThat(now.value("pod_identity_throttlings_total")).isEqualTo(1);
  }

  @Test
  void showsWhatTheCacheHolds() throws IOException {
    get(token());
    clock.advance(Duration.ofHours(1));

    Scrape now = scrape();
    assertThat(now.value("pod_identity_cache_entries")).isEqualTo(1);
    assertThat(now.value("pod_identity_nearest_expiry_seconds")).isEqualTo(18_000);
    assertThat(now.value("pod_identity_outage_survivable_seconds")).isEqualTo(17_985);
  }

  @Test
  void showsEachNumberOfTheCachesState() {
    var own = new PrometheusRegistry();
    AgentMetrics.register(own, clock)
        .watchCache(
            () ->
                new CacheState(
                    1,
                    Optional.of(START.plusSeconds(60)),
                    Optional.of(START.plusSeconds(45)),
                    2,
                    3,
                    4,
                    5,
                    6,
                    Optional.of(START.plusSeconds(7)),
                    8,
                    9,
                    Duration.ofSeconds(10)));

    Scrape now = Scrape.of(own);
    assertThat(now.value("pod_identity_cache_entries")).isEqualTo(1);
    assertThat(now.value("pod_identity_nearest_expiry_seconds")).isEqualTo(60);
    assertThat(now.value("pod_identity_outage_survivable_seconds")).isEqualTo(45);
    assertThat(now.value("pod_identity_cache_flights")).isEqualTo(2);
    assertThat(now.value("pod_identity_cache_waiters")).isEqualTo(3);
    assertThat(now.value("pod_identity_upstream_calls_under_way")).isEqualTo(4);
    assertThat(now.value("pod_identity_upstream_calls_queued")).isEqualTo(5);
    assertThat(now.value("pod_identity_renewals_due")).isEqualTo(6);
    assertThat(now.value("pod_identity_throttle_active")).isEqualTo(1);
    assertThat(now.value("pod_identity_throttle_pause_seconds")).isEqualTo(7);
    assertThat(now.value("pod_identity_cache_events_lost_total")).isEqualTo(8);
    assertThat(now.value("pod_identity_cache_overdue")).isEqualTo(9);
    assertThat(now.value("pod_identity_cache_event_delay_seconds")).isEqualTo(10);
  }

  @Test
  void hasNoTimeToAnExpiryThatDoesNotCome() {
    assertThat(scrape().names())
        .doesNotContain(
            "pod_identity_nearest_expiry_seconds",
            "pod_identity_outage_survivable_seconds",
            "pod_identity_throttle_pause_seconds");
    assertThat(scrape().value("pod_identity_throttle_active")).isZero();
  }

  @Test
  void showsAddressesAndTheBuild() {
    assertThat(scrape().value("pod_identity_address_up{address=\"127.0.0.1\"}")).isEqualTo(1);
    assertThat(scrape().value("pod_identity_address_up{address=\"[fd00:ec2::23]\"}")).isZero();
    assertThat(scrape().value("pod_identity_build_info{java_version=\"17\",version=\"1.2.3\"}"))
        .isEqualTo(1);
  }

  @Test
  void explainsEachMetricAndNamesItsUnit() throws IOException {
    get(token());
    for (Scrape scrape : List.of(scrape(), Scrape.openMetrics(registry))) {
      assertThat(scrape.types()).isNotEmpty();
      assertThat(scrape.helps().keySet()).containsExactlyElementsOf(scrape.types().keySet());
      assertThat(scrape.types().keySet()).allMatch(name -> name.startsWith("pod_identity_"));
    }
    Scrape openMetrics = Scrape.openMetrics(registry);
    assertThat(openMetrics.types().keySet().stream().filter(name -> name.endsWith("_seconds")))
        .isNotEmpty()
        .allMatch(name -> "seconds".equals(openMetrics.units().get(name)));
  }

  @Test
  void keepsTheReferencesNames() throws IOException {
    get(token());

    for (Scrape scrape : List.of(scrape(), Scrape.openMetrics(registry))) {
      assertThat(scrape.names())
          .contains(
              "pod_identity_http_response{code=\"200\"}",
              "pod_identity_cache_state{state=\"hit\"}",
              "pod_identity_cache_state{state=\"miss\"}",
              "pod_identity_cache_state{state=\"evicted\"}");
    }
  }

  @Test
  void letsNoPodChooseALabel() throws IOException {
    String token = token();
    get(token);
    get("garbage-token");
    RawHttp.exchange(
        address(), "GET /v1/credentials HTTP/1.1", "Host: evil.example", "Authorization: " + token);
    RawHttp.exchange(address(), "BREW /chosen HTTP/1.1", "Host: 127.0.0.1");

    assertThat(scrape().labels().keySet())
        .isSubsetOf(
            Set.of(
                "state",
                "code",
                "type",
                "outcome",
                "reason",
                "le",
                "address",
                "version",
                "java_version"));
    assertThat(scrape().text())
        .doesNotContain(token)
        .doesNotContain("garbage-token", "evil.example", "chosen", "BREW")
        .doesNotContain("my-pod", "my-service-account", "ASIA0LOCAL0", "LocalSecret");
  }

  @Test
  void needsARegistryForEachAgent() {
    assertThatThrownBy(() -> AgentMetrics.register(registry, clock))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("pod_identity_");
  }

  @Test
  void isNotBrokenByAListener() throws IOException {
    try (var broken =
        PodIdentityServer.builder(
                PodIdentityAgent.builder()
                    .bindingRules(BindingRules.parse(List.of("127.0.0.1")))
                    .source(cluster.credentials())
                    .clock(clock)
                    .build())
            .port(0)
            .listener(
                (status, took) -> {
                  throw new IllegalStateException("listener");
                })
            .start()) {
      var answer =
          RawHttp.exchange(
              broken.addresses().get(0),
              "GET /v1/credentials HTTP/1.1",
              "Host: 127.0.0.1",
              "Authorization: " + token());

      assertThat(answer.status()).isEqualTo(200);
    }
  }

  private Scrape scrape() {
    return Scrape.of(registry);
  }

  private void get(String token) throws IOException {
    var unused =
        RawHttp.exchange(
            address(),
            "GET /v1/credentials HTTP/1.1",
            "Host: 127.0.0.1",
            "Authorization: " + token);
  }

  private InetSocketAddress address() {
    return server.addresses().get(0);
  }

  private String token() {
    return cluster.projectedToken(cluster.startPod(AgentFixture.SERVICE_ACCOUNT, "my-pod"));
  }

  private ServiceAccountToken podToken(String pod) {
    return ServiceAccountToken.parse(
        cluster.projectedToken(cluster.startPod(AgentFixture.SERVICE_ACCOUNT, pod)));
  }

  private static CredentialException failure(FailureReason reason) {
    return new CredentialException(reason, "for a test");
  }

  private static Refusal refusal(InetAddress client, FailureReason reason) {
    return new Refusal(
        new CredentialRequest("127.0.0.1", "", client),
        Optional.empty(),
        false,
        failure(reason),
        Duration.ofMillis(1));
  }

  private static Refusal tooOften(ServiceAccountToken token, boolean accepted) {
    return new Refusal(
        new CredentialRequest("127.0.0.1", "", InetAddress.getLoopbackAddress()),
        Optional.of(token),
        accepted,
        failure(FailureReason.TOO_MANY_REQUESTS),
        Duration.ofMillis(1));
  }
}
