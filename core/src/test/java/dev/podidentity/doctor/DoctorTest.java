package dev.podidentity.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.binding.BindingRules;
import dev.podidentity.client.AgentEndpoint;
import dev.podidentity.client.AgentTransport;
import dev.podidentity.client.Answers;
import dev.podidentity.client.FakeAgent;
import dev.podidentity.client.ScriptedTransport;
import dev.podidentity.doctor.Finding.Code;
import dev.podidentity.http.BadHttpException;
import dev.podidentity.http.HttpReply;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctorTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String AGENT = "http://169.254.170.23/v1/credentials";
  private static final String FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  private static final String TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

  /** What any test of this class provoked. */
  private final Set<Code> provoked = EnumSet.noneOf(Code.class);

  /** An agent for each path, the one for credentials included. */
  private static final class Agent implements AgentTransport {
    private final Map<String, Answer> answers = new HashMap<>();
    private final List<String> withToken = new ArrayList<>();
    private final List<String> asked = new ArrayList<>();

    @Override
    public HttpReply get(AgentEndpoint endpoint, @Nullable String token, Duration timeout)
        throws IOException {
      String url = endpoint + endpoint.target();
      asked.add(url);
      if (token != null) {
        withToken.add(url);
      }
      Answer answer = answers.get(url);
      if (answer == null) {
        throw new NoRouteToHostException("No route to host");
      }
      return answer.get();
    }

    @Override
    public void close() {}
  }

  @FunctionalInterface
  private interface Answer {
    HttpReply get() throws IOException;
  }

  private MovableClock clock = MovableClock.startingAt(START);
  private LocalCluster cluster = LocalCluster.builder().clock(clock).build();
  private Agent agent = new Agent();
  private Map<String, String> environment = new HashMap<>();
  private final List<Duration> pauses = new ArrayList<>();
  private boolean interrupted;
  private Path tokenFile = Path.of(".");
  private Path folder = Path.of(".");
  private @Nullable Diagnosis diagnosis;

  @BeforeEach
  void startAPodWithEverythingInPlace(@TempDir Path directory) throws IOException {
    folder = directory;
    clock = MovableClock.startingAt(START);
    cluster = LocalCluster.builder().clock(clock).build();
    tokenFile = directory.resolve("eks-pod-identity-token");
    Files.writeString(tokenFile, projectedToken());
    pauses.clear();
    interrupted = false;
    environment = new HashMap<>();
    environment.put(FULL_URI, AGENT);
    environment.put(TOKEN_FILE, tokenFile.toString());
    agent = new Agent();
    agent.answers.put("http://169.254.170.23/", () -> answer(404, "{}"));
    agent.answers.put(
        AGENT, () -> answer(200, Answers.credentials(START.plus(Duration.ofHours(6)))));
  }

  @AfterEach
  void showsNoSecret() {
    if (diagnosis != null) {
      String all = diagnosis.toString();
      for (String part : projectedToken().split("\\.", 3)) {
        assertThat(all).doesNotContain(part);
      }
      assertThat(all)
          .doesNotContain(Answers.SECRET_KEY)
          .doesNotContain(Answers.SESSION_TOKEN)
          .doesNotContain("ASIA0")
          .doesNotContain("canary");
    }
  }

  @AfterAll
  void hasProvokedEachKindOfFinding() {
    assertThat(provoked).containsExactlyInAnyOrder(Code.values());
  }

  private String projectedToken() {
    return cluster.projectedToken(
        cluster.startPod(new ServiceAccountRef("default", "my-service-account"), "my-pod"));
  }

  private static HttpReply answer(int status, String body) {
    return ScriptedTransport.answer(status, body);
  }

  private Diagnosis examine() {
    return examine(builder());
  }

  private Doctor.Builder builder() {
    return Doctor.builder()
        .environment(environment)
        .clock(clock)
        .transport(agent)
        .sleeper(this::pause);
  }

  private boolean pause(Duration duration) {
    pauses.add(duration);
    return !interrupted;
  }

  private Diagnosis examine(Doctor.Builder builder) {
    Diagnosis found = builder.build().examine();
    diagnosis = found;
    found.findings().forEach(finding -> provoked.add(finding.code()));
    for (Finding finding : found.findings()) {
      assertThat(finding.what()).isNotBlank().doesNotContain("\n");
      assertThat(finding.remedy().isEmpty()).isEqualTo(finding.severity() == Severity.OK);
    }
    return found;
  }

  private Finding find(Code code) {
    List<Finding> findings = examine().findings();
    return findings.stream()
        .filter(finding -> finding.code() == code)
        .findFirst()
        .orElseThrow(() -> new AssertionError(code + " is not among " + findings));
  }

  private List<Code> codes() {
    return examine().findings().stream().map(Finding::code).toList();
  }

  @Test
  void findsNothingWrongWithAHealthyPod() {
    Diagnosis found = examine();

    assertThat(found.worst()).isEqualTo(Severity.OK);
    assertThat(codes())
        .containsExactly(
            Code.ENDPOINT, Code.TOKEN, Code.ADDRESS, Code.OTHER_ADDRESS, Code.CREDENTIALS);
    assertThat(find(Code.TOKEN).what())
        .contains("default/my-service-account", "my-pod", "2026-01-02T00:00:00Z");
    assertThat(find(Code.CREDENTIALS).what())
        .contains("111122223333", "2026-01-01T06:00:00Z", "get-caller-identity");
    assertThat(find(Code.OTHER_ADDRESS).what()).contains("[fd00:ec2::23]");
  }

  @Test
  void tellsTheRoleWhereTheAgentDoes() {
    String role = "arn:aws:iam::111122223333:role/my-role";
    agent.answers.put(
        AGENT,
        () ->
            answer(
                200,
                Answers.with(
                    "ASIA0LOCAL0000000001",
                    START.plusSeconds(7200),
                    ", \"RoleArn\": \"" + role + "\"")));

    assertThat(find(Code.CREDENTIALS).what()).contains(role).doesNotContain("get-caller");
  }

  // The environment

  @Test
  void saysWhatIsNotSet() {
    environment.clear();

    assertThat(codes()).containsExactly(Code.NO_ENDPOINT, Code.NO_TOKEN);
    assertThat(agent.asked).isEmpty();
  }

  @Test
  void sendsNoTokenToAHostThatAProviderWouldNotAsk() {
    environment.put(FULL_URI, "http://169.254.169.254/v1/credentials");

    assertThat(find(Code.ENDPOINT_REFUSED).what()).contains("169.254.169.254");
    assertThat(agent.asked).isEmpty();
  }

  @Test
  void doesNotRepeatAPasswordOfTheEndpoint() {
    environment.put(FULL_URI, "http://user:canary@127.0.0.1/");

    assertThat(codes()).contains(Code.ENDPOINT_REFUSED);
  }

  @Test
  void saysWhichOfTwoEndpointsCounts() {
    environment.put("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials");

    assertThat(find(Code.RELATIVE_URI_FIRST).what()).contains(FULL_URI);
    assertThat(find(Code.ENDPOINT).what()).contains("http://169.254.170.2");
  }

  @Test
  void saysWhatSdksFindBeforePodIdentity() {
    environment.put("AWS_ACCESS_KEY_ID", "canary-id");
    environment.put("AWS_SECRET_ACCESS_KEY", "canary");
    environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token");
    environment.put("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/irsa");
    environment.put("AWS_PROFILE", "mine");

    assertThat(codes())
        .contains(Code.STATIC_KEYS_FIRST, Code.WEB_IDENTITY_FIRST, Code.PROFILE_FIRST);
    assertThat(find(Code.WEB_IDENTITY_FIRST).what()).contains("role/irsa");
  }

  @Test
  void findsASharedCredentialsFile() throws IOException {
    Path file = Files.createDirectory(folder.resolve(".aws")).resolve("credentials");
    Files.writeString(file, "[default]\naws_secret_access_key = canary\n");
    environment.put("HOME", folder.toString());

    assertThat(find(Code.PROFILE_FIRST).what()).contains(file.toString());
  }

  @Test
  void knowsThatTheSdkForJavaNeedsToBeToldOfIpv6() {
    agent.answers.put("http://[fd00:ec2::23]/", () -> answer(404, "{}"));
    environment.put(FULL_URI, "http://[fd00:ec2::23]/v1/credentials");

    assertThat(codes()).contains(Code.IPV6_MODE_OFF);
    environment.put("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6");
    assertThat(codes()).doesNotContain(Code.IPV6_MODE_OFF).contains(Code.ADDRESS);
  }

  // The token

  @Test
  void saysThatTheTokenCannotBeRead() throws IOException {
    Files.delete(tokenFile);

    assertThat(find(Code.TOKEN_UNREADABLE).what()).contains(tokenFile.toString());
    assertThat(agent.withToken).isEmpty();
  }

  @Test
  void sendsNoTokenThatHasExpired() {
    clock.advance(Duration.ofHours(25));

    assertThat(find(Code.TOKEN_EXPIRED).what()).contains("2026-01-02T00:00:00Z");
    assertThat(agent.withToken).isEmpty();
  }

  @Test
  void sendsNoTokenForSomebodyElse() throws IOException {
    Files.writeString(tokenFile, withClaim("pods.eks.amazonaws.com", "sts.amazonaws.com"));

    assertThat(find(Code.TOKEN_WRONG_AUDIENCE).what()).contains("pods.eks.amazonaws.com");
    assertThat(agent.withToken).isEmpty();
  }

  @Test
  void holdsTheTokenAgainstTheClock() {
    clock.advance(Duration.ofMinutes(-2));

    assertThat(find(Code.TOKEN_NOT_YET_VALID).what()).contains("2026-01-01T00:00:00Z");
    assertThat(agent.withToken).isEmpty();
  }

  @Test
  void noticesThatTheKubeletDoesNotReplaceTheToken() {
    clock.advance(LocalCluster.TOKEN_LIFETIME.multipliedBy(8).dividedBy(10));
    assertThat(codes()).contains(Code.TOKEN).doesNotContain(Code.TOKEN_NOT_ROTATED);

    clock.advance(Duration.ofMinutes(6));
    assertThat(find(Code.TOKEN_NOT_ROTATED).remedy()).contains("kubelet");
    assertThat(examine().worst()).isEqualTo(Severity.ERROR); // what the agent gave has expired
    assertThat(agent.withToken).isNotEmpty();
  }

  @Test
  void noticesANewlineBehindTheToken() throws IOException {
    Files.writeString(tokenFile, projectedToken() + "\n");

    assertThat(codes()).contains(Code.TOKEN_WHITE_SPACE, Code.CREDENTIALS);
  }

  @Test
  void noticesATokenInAVariable() {
    environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN", projectedToken());
    assertThat(codes()).contains(Code.TWO_TOKENS);

    environment.remove(TOKEN_FILE);
    assertThat(codes()).contains(Code.TOKEN_IN_VARIABLE, Code.CREDENTIALS);
  }

  @Test
  void noticesATokenThatIsNoProjectedOne() throws IOException {
    Files.writeString(tokenFile, "canary");
    assertThat(codes()).contains(Code.TOKEN_OF_ANOTHER_FORM);

    Files.writeString(
        tokenFile, cluster.unboundToken(new ServiceAccountRef("default", "my-service-account")));
    assertThat(codes()).contains(Code.TOKEN_OF_NO_POD);
  }

  @Test
  void doesNotRepeatATokenThatStandsWhereTheFileBelongs() {
    environment.put(TOKEN_FILE, projectedToken());

    assertThat(codes()).contains(Code.TOKEN_UNREADABLE);
  }

  @Test
  void keepsHostileNamesOnOneLine() throws IOException {
    Files.writeString(tokenFile, withClaim("my-pod", "my-pod\\n\\u001b[31m\\u009b1merror"));

    assertThat(find(Code.TOKEN).what()).contains("my-pod??[31m?1merror");
  }

  private String withClaim(String value, String other) {
    String[] parts = projectedToken().split("\\.", 3);
    String claims = new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8);
    byte[] changed = claims.replace(value, other).getBytes(StandardCharsets.UTF_8);
    return parts[0]
        + "."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(changed)
        + "."
        + parts[2];
  }

  // The network

  @Test
  void namesTheProxyThatWouldGetTheToken() {
    environment.put("HTTP_PROXY", "http://user:canary@proxy.example:3128");
    environment.put("NO_PROXY", "localhost,.svc");

    Finding finding = find(Code.PROXY);
    assertThat(finding.what()).contains("proxy.example:3128").contains("the AWS SDK for Go, curl");
    assertThat(finding.remedy()).contains("169.254.170.23");
    environment.put("no_proxy", "localhost, 169.254.170.23");
    assertThat(codes()).doesNotContain(Code.PROXY);
  }

  @Test
  void knowsThatGoTakesARangeOfNoProxy() {
    environment.put("HTTP_PROXY", "http://proxy.example:3128");
    environment.put("NO_PROXY", "localhost,169.254.0.0/16");

    assertThat(find(Code.PROXY).what())
        .contains("a range that holds it: curl and")
        .contains("Go and Java would not");
  }

  @Test
  void tellsApartWhyAnAddressDoesNotAnswer() {
    Map.of(
            Code.CONNECTION_REFUSED, new ConnectException("Connection refused"),
            Code.NO_ROUTE, new ConnectException("Network is unreachable"),
            Code.NO_ANSWER, new SocketTimeoutException("Connect timed out"),
            Code.UNKNOWN_NAME, new UnknownHostException("agent.example"),
            Code.NOT_TRUSTED, new SSLHandshakeException("PKIX path building failed"),
            Code.HUNG_UP, new SocketException("Connection reset"),
            Code.NOT_AN_AGENT, new BadHttpException("is not HTTP/1.1"))
        .forEach(
            (code, failure) -> {
              agent.answers.put(
                  "http://169.254.170.23/",
                  () -> {
                    throw failure;
                  });

              assertThat(codes()).as("%s", failure).contains(code);
              assertThat(agent.withToken).isEmpty();
            });
  }

  @Test
  void noticesThatSomethingElseListens() {
    agent.answers.put("http://169.254.170.23/", () -> answer(200, "<html>"));

    assertThat(find(Code.NOT_AN_AGENT).what()).contains("200");
    assertThat(agent.withToken).isEmpty();
  }

  @Test
  void doesNotMindWhoListensAtAnAddressThatIsNotUsed() {
    agent.answers.put("http://[fd00:ec2::23]:80/", () -> answer(200, "<html>"));

    assertThat(examine().worst()).isEqualTo(Severity.OK);
    assertThat(find(Code.OTHER_ADDRESS).what()).contains("[fd00:ec2::23]").contains("no agent");
  }

  @Test
  void comparesClocks() {
    agent.answers.put(
        "http://169.254.170.23/",
        () -> ScriptedTransport.dated(404, "Thu, 01 Jan 2026 00:00:30 GMT"));
    assertThat(codes()).contains(Code.CLOCK);

    agent.answers.put(
        "http://169.254.170.23/",
        () -> ScriptedTransport.dated(404, "Thu, 01 Jan 2026 00:01:01 GMT"));
    assertThat(find(Code.CLOCK_DIFFERS).what()).contains("00:01:01Z");

    agent.answers.put("http://169.254.170.23/", () -> ScriptedTransport.dated(404, "yesterday"));
    assertThat(codes()).doesNotContain(Code.CLOCK, Code.CLOCK_DIFFERS);
  }

  // What the agent answers

  @Test
  void quotesWhyTheAgentRefuses() {
    Map.of(
            Code.NO_ASSOCIATION, answer(404, Answers.error("ResourceNotFoundException", "None")),
            Code.REFUSED, answer(400, Answers.error("AccessDeniedException", "No trust")),
            Code.THROTTLED, answer(429, Answers.error("TooManyRequestsException", "Slow down")),
            Code.AGENT_FAILED, answer(503, Answers.error("UpstreamTimeoutException", "Late")),
            Code.TOKEN_EXPIRED, answer(400, Answers.error("ExpiredTokenException", "Old")))
        .forEach(
            (code, answer) -> {
              agent.answers.put(AGENT, () -> answer);

              assertThat(find(code).what()).contains("says").contains("Exception: ");
            });
    agent.answers.put(AGENT, () -> answer(200, "{\"SecretAccessKey\": \"canary\"}"));
    assertThat(codes()).contains(Code.BAD_ANSWER);
  }

  @Test
  void asksAgainWhereTheAgentSaysThatItHelps() {
    var pending = new ArrayList<>(List.of("1", "60"));
    agent.answers.put(
        AGENT,
        () ->
            pending.isEmpty()
                ? answer(200, Answers.credentials(START.plusSeconds(7200)))
                : ScriptedTransport.answer(503, "", pending.remove(0)));

    assertThat(examine().worst()).isEqualTo(Severity.OK);
    assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(5));
  }

  @Test
  void asksFourTimesAtMostAndOnceIfInterrupted() {
    agent.answers.put(AGENT, () -> answer(503, ""));
    assertThat(codes()).contains(Code.AGENT_FAILED);
    assertThat(agent.withToken).hasSize(4);

    interrupted = true;
    assertThat(codes()).contains(Code.AGENT_FAILED);
    assertThat(agent.withToken).hasSize(5);
  }

  @Test
  void noticesCredentialsThatAreNotRenewed() {
    agent.answers.put(AGENT, () -> answer(200, Answers.credentials(START.plusSeconds(600))));

    assertThat(find(Code.CREDENTIALS_END_SOON).what()).contains("00:10:00Z");
  }

  @Test
  void asksOnEcsWithoutAToken() {
    environment.clear();
    environment.put("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials");
    agent.answers.put("http://169.254.170.2/", () -> answer(404, ""));
    agent.answers.put(
        "http://169.254.170.2/v2/credentials",
        () -> answer(200, Answers.credentials(START.plusSeconds(7200))));

    assertThat(codes()).containsExactly(Code.ENDPOINT, Code.ADDRESS, Code.CREDENTIALS);
    assertThat(agent.withToken).isEmpty();

    agent.asked.clear();
    environment.put(TOKEN_FILE, "/none");
    assertThat(codes()).contains(Code.TOKEN_UNREADABLE);
    assertThat(agent.asked).containsExactly("http://169.254.170.2/");
  }

  // A node

  private Doctor.Builder onNode(String... addresses) {
    return builder().node(BindingRules.parse(List.of(addresses)), 80, 2703);
  }

  @Test
  void examinesANode() {
    agent.answers.put("http://169.254.170.23:80/", () -> answer(404, ""));
    agent.answers.put("http://127.0.0.1:2703/healthz", () -> answer(200, "{}"));
    agent.answers.put(
        "http://127.0.0.1:2703/readyz",
        () ->
            answer(
                503,
                "{\"status\": \"not ready\", \"checks\": [{\"name\": \"own credentials\", \"ok\":"
                    + " false, \"reason\": \"no region\"}, {\"name\": \"fine\", \"ok\": true}]}"));

    Diagnosis found = examine(onNode("169.254.170.23", "[fd00:ec2::23]?"));

    assertThat(found.findings().stream().map(Finding::code))
        .containsExactly(Code.ADDRESS, Code.OTHER_ADDRESS, Code.PROBE, Code.PROBE_FAILS);
    assertThat(found.findings().get(3).what())
        .contains("503: own credentials no region")
        .doesNotContain("fine");
    assertThat(agent.withToken).isEmpty();
  }

  @Test
  void saysThatAProbeDoesNotAnswer() {
    Diagnosis found = examine(onNode("169.254.170.23", "10.0.0.1"));

    assertThat(found.findings().stream().map(Finding::code))
        .containsExactly(Code.NO_ROUTE, Code.ENDPOINT_REFUSED, Code.NO_PROBE, Code.NO_PROBE);
  }

  @Test
  void saysHowTheLinkOfANodeIsMade() {
    Diagnosis found = examine(onNode("169.254.170.23"));

    assertThat(found.findings().get(0).remedy()).contains("'initialize'").doesNotContain("pod's");
  }

  @Test
  void showsWhatAProbeThatIsContentSays() {
    agent.answers.put("http://169.254.170.23:80/", () -> answer(404, ""));
    agent.answers.put("http://127.0.0.1:2703/healthz", () -> answer(200, "{}"));
    agent.answers.put(
        "http://127.0.0.1:2703/readyz",
        () ->
            answer(
                200,
                "{\"checks\": [{\"name\": \"source\", \"ok\": true, \"reason\": \"every call"
                    + " has failed for 40 s: UpstreamUnreachableException\"}]}"));

    assertThat(examine(onNode("169.254.170.23")).findings().get(2).what())
        .endsWith(
            "is content: source every call has failed for 40 s: UpstreamUnreachableException");
  }

  @Test
  void triesTheWayToEksAuthWithoutATokenAndASignature() throws IOException {
    environment.clear();
    try (var eksAuth = FakeAgent.start(FakeAgent.json(404, "{}"))) {
      var doctor = onNode("169.254.170.23").eksAuth(eksAuth.uri().resolve("/"));

      assertThat(examine(doctor).findings())
          .last()
          .satisfies(finding -> assertThat(finding.code()).isEqualTo(Code.EKS_AUTH))
          .satisfies(finding -> assertThat(finding.what()).endsWith("which answers 404"));
      assertThat(eksAuth.requests().get(0).header("authorization")).isEmpty();
    }
  }

  @Test
  void saysWhyThereIsNoWayToEksAuth() throws IOException {
    environment.clear();
    int closed;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    var doctor = onNode("169.254.170.23").eksAuth(URI.create("https://127.0.0.1:" + closed));

    assertThat(examine(doctor).findings())
        .last()
        .satisfies(finding -> assertThat(finding.code()).isEqualTo(Code.EKS_AUTH_UNREACHABLE))
        .satisfies(finding -> assertThat(finding.what()).contains("connection was refused"));
  }

  @Test
  void tellsAPodThatSetsTheUriItselfToRemoveIt() {
    environment.remove(TOKEN_FILE);

    assertThat(examine().findings())
        .filteredOn(finding -> finding.code() == Code.NO_TOKEN)
        .singleElement()
        .satisfies(finding -> assertThat(finding.remedy()).startsWith("remove " + FULL_URI));
  }
}
