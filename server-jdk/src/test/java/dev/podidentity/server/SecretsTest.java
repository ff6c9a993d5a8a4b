package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.AgentListener;
import dev.podidentity.PodIdentityAgent;
import dev.podidentity.audit.AuditLog;
import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.awssdk.eksauth.EksAuthCredentialSource;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.cache.CacheSettings;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.metrics.AgentMetrics;
import dev.podidentity.server.metrics.PrometheusText;
import dev.podidentity.server.operations.OperationsServer;
import dev.podidentity.server.operations.Probes;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.eksauth.EksAuthClient;

/**
 * A secret of each kind that would be known again, in an agent with all that belongs to one, and an
 * EKS Auth that gives, refuses, fails and repeats what it was told. Nothing that anybody gets to
 * see has one of them in it, but for the answer to the pod whose it is.
 */
class SecretsTest {
  private static final String SECRET_KEY = "CanaryOfTheSecretKey";
  private static final String SESSION = "CanaryOfTheSession";
  private static final String NODE_SECRET = "CanaryOfTheNode";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalCluster cluster = LocalCluster.builder().build();
  private final String token = newToken("my-pod");
  private final String other = newToken("other-pod");
  private final CapturedLog logged = new CapturedLog();
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final AgentMetrics metrics = AgentMetrics.register(registry, Clock.systemUTC());
  private final AuditLog audit = AuditLog.create();
  private HostileUpstream upstream;
  private EksAuthClient client;
  private CachingCredentialSource cache;
  private PodIdentityAgent agent;
  private PodIdentityServer server;
  private OperationsServer operations;

  @BeforeEach
  void start() throws Exception {
    upstream = new HostileUpstream();
    client =
        EksAuthClients.forNode()
            .endpoint(upstream.endpoint())
            .region("us-west-2")
            .credentials(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create("AKIA0LOCAL0NODE00000", NODE_SECRET)))
            .build();
    cache =
        CachingCredentialSource.builder(EksAuthCredentialSource.of(client, "my-cluster"))
            .settings(CacheSettings.builder().waiterDeadline(PATIENCE).maxHeldRequests(0).build())
            .listener(metrics.cacheListener())
            .build();
    agent =
        PodIdentityAgent.builder()
            .bindingRules(BindingRules.parse(List.of("127.0.0.1")))
            .source(cache)
            .listener(AgentListener.all(metrics.agentListener(), audit))
            .build();
    server = PodIdentityServer.builder(agent).port(0).start();
    metrics.watchCache(cache::state);
    operations =
        OperationsServer.builder(Probes.of(server::addresses).build())
            .listenOn(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .metrics(PrometheusText.of(registry))
            .debugEntries(cache::entries, Clock.systemUTC())
            .start();
  }

  @AfterEach
  void stop() throws IOException {
    operations.close();
    server.close();
    cache.close();
    client.close();
    upstream.close();
    audit.close();
    logged.close();
  }

  private String newToken(String pod) {
    return cluster.projectedToken(
        cluster.startPod(new ServiceAccountRef("default", "my-app"), pod));
  }

  @Test
  void areNowhereButInTheAnswerToTheirPod() throws Exception {
    List<String> shown = new ArrayList<>();
    upstream.answers(
        wire ->
            wire.json(
                200,
                HostileAnswer.good("good", 3_600)
                    .replace("LocalSecret/good", SECRET_KEY)
                    .replace("LocalSessionToken/good", SESSION)));
    assertThat(askOverHttp(token)).contains(SECRET_KEY).contains(SESSION);
    for (HostileUpstream.Script script : treacherous()) {
      upstream.answers(script);
      String forgotten = newToken("pod");
      shown.add(askOverHttp(forgotten));
      shown.add(printed(failure(newToken("pod"))));
      assertThat(forgotten).doesNotContain(SECRET_KEY);
    }
    shown.add(askOverHttp(token + "x y"));
    shown.add(page("/metrics"));
    shown.add(page("/debug/entries"));
    shown.add(page("/readyz"));
    for (Object object : reachable()) {
      shown.add(object.getClass() + " " + object);
    }
    shown.addAll(logged.lines());

    assertThat(logged.lines()).anyMatch(line -> line.contains("dev.podidentity.audit"));
    assertThat(shown).anyMatch(page -> page.contains("\"my-pod\""));
    assertThat(shown).allSatisfy(this::assertThatNothingIsGivenAway);
  }

  /** What gives away its secrets, where it can. */
  private List<HostileUpstream.Script> treacherous() {
    String secrets = token + " " + other + " " + SECRET_KEY + " " + SESSION + " " + NODE_SECRET;
    return List.of(
        wire ->
            wire.json(
                400, "{\"__type\":\"AccessDeniedException\",\"message\":\"" + secrets + "\"}"),
        wire -> wire.json(403, "{\"__type\":\"" + token + "\",\"message\":\"no\"}"),
        wire -> wire.json(500, "{\"message\":\"" + secrets + "\"}"),
        wire -> wire.json(200, secrets),
        wire -> wire.json(200, "{\"credentials\":{\"secretAccessKey\":\"" + SECRET_KEY + "\"}}"),
        wire -> wire.json(200, "{\"credentials\":\"" + secrets + "\"}"),
        wire ->
            wire.json(
                200,
                HostileAnswer.good(SECRET_KEY, 3_600)
                    .replace("LocalSecret/good", SECRET_KEY)
                    .replace("\"my-app\"", "\"another-app\"")),
        wire -> wire.close());
  }

  private CredentialException failure(String unknown) {
    return catchThrowableOfType(
        CredentialException.class,
        () ->
            agent.credentials(
                new CredentialRequest("127.0.0.1", unknown, InetAddress.getLoopbackAddress())));
  }

  private List<Object> reachable() throws IllegalAccessException {
    ServiceAccountToken read = ServiceAccountToken.parse(token);
    var request = new CredentialRequest("127.0.0.1", token, InetAddress.getLoopbackAddress());
    List<Object> all =
        ReachableObjects.from(
            agent,
            server,
            operations,
            cache,
            client,
            metrics,
            audit,
            cluster,
            read,
            request,
            cache.fetch(read, ClientKey.AGENT),
            cache.entries());
    assertThat(all.stream().map(Object::getClass).distinct().count()).isGreaterThan(60);
    return all;
  }

  private void assertThatNothingIsGivenAway(String text) {
    assertThat(text).doesNotContain(SECRET_KEY, SESSION, NODE_SECRET);
    for (String secret : List.of(token, other)) {
      String signature = secret.substring(secret.lastIndexOf('.') + 1);
      assertThat(text).doesNotContain(signature.substring(0, 40));
    }
    assertThat(text).doesNotContainPattern("eyJ[\\w-]{10,}\\.[\\w-]{10,}\\.[\\w-]+");
  }

  private static String printed(Throwable failure) {
    var text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  private String askOverHttp(String authorization) throws IOException {
    return RawHttp.exchange(
            server.addresses().get(0),
            "GET /v1/credentials HTTP/1.1",
            "Host: 127.0.0.1",
            "Authorization: " + authorization)
        .body();
  }

  private String page(String path) throws IOException {
    return RawHttp.exchange(
            operations.addresses().get(0), "GET " + path + " HTTP/1.1", "Host: 127.0.0.1")
        .body();
  }
}
