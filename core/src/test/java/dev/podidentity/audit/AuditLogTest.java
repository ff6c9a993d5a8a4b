package dev.podidentity.audit;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.podidentity.Refusal;
import dev.podidentity.credential.AssociationRef;
import dev.podidentity.credential.AssumedRoleUser;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class AuditLogTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final MovableClock clock = MovableClock.startingAt(START);
  private final LocalCluster cluster = LocalCluster.builder().clock(clock).build();
  private final AuditLog audit = AuditLog.of(this::ticks);

  private long ticks() {
    return Duration.between(START, clock.instant()).toNanos();
  }

  private final Logger logger = (Logger) LoggerFactory.getLogger(AuditLog.LOGGER);
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();
  private final ServiceAccountToken token = token("my-pod");

  @BeforeEach
  void listen() {
    appender.start();
    logger.setAdditive(false);
    logger.addAppender(appender);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(appender);
    logger.setAdditive(true);
  }

  @Test
  void saysWhoGotWhichRole() {
    audit.answered(request(), token, Issuance.fresh(credentials()), Duration.ofMillis(120));

    assertThat(keyValues(line()))
        .containsEntry("namespace", "default")
        .containsEntry("service_account", "my-app")
        .containsEntry("pod", "my-pod")
        .containsKey("pod_uid")
        .containsEntry(
            "assumed_role_arn", "arn:aws:sts::111122223333:assumed-role/my-role/a-session")
        .containsEntry("association_id", "a-1")
        .containsEntry("issuer", "EKS Auth")
        .containsEntry("request_id", "a-request")
        .containsEntry("access_key_id", "ASIA0LOCAL0000000001")
        .containsEntry("expiration", "2026-01-01T06:00:00Z")
        .containsEntry("client", "127.0.0.1")
        .containsEntry("duration_ms", "120")
        .containsEntry("outcome", "fresh");
    assertThat(line().getLevel()).isEqualTo(Level.INFO);
  }

  @Test
  void tellsFreshFromCached() {
    audit.answered(request(), token, Issuance.cached(credentials()), Duration.ZERO);

    assertThat(keyValues(line())).containsEntry("outcome", "cached");
  }

  @Test
  void marksWhatNobodyHasVerified() {
    audit.refused(refusal(token, false, FailureReason.INVALID_TOKEN));

    assertThat(keyValues(line()))
        .containsEntry("verified", "false")
        .containsEntry("claimed_namespace", "default")
        .containsEntry("claimed_service_account", "my-app")
        .containsEntry("claimed_pod", "my-pod")
        .containsEntry("outcome", "refused")
        .containsEntry("code", "InvalidTokenException")
        .containsEntry("cause", "because of?a test")
        .doesNotContainKeys("namespace", "service_account", "pod", "pod_uid");
    assertThat(line().getLevel()).isEqualTo(Level.INFO);
  }

  @Test
  void namesWhoWasRefusedWhereTheTokenWasAccepted() {
    audit.refused(refusal(token, true, FailureReason.ACCESS_DENIED));

    assertThat(keyValues(line()))
        .containsEntry("verified", "true")
        .containsEntry("namespace", "default")
        .containsEntry("request_id", "a-refused-request")
        .doesNotContainKey("claimed_namespace");
    assertThat(line().getLevel()).isEqualTo(Level.WARN);
  }

  @Test
  void holdsNoSecret() {
    audit.answered(request(), token, Issuance.fresh(credentials()), Duration.ZERO);
    audit.refused(refusal(token, true, FailureReason.ACCESS_DENIED));

    assertThat(everything())
        .doesNotContain("LocalSecret/canary")
        .doesNotContain("LocalSessionToken/canary")
        .doesNotContain(token.value());
  }

  @Test
  void letsNoPodBreakALine() {
    String forged = "pod\r\n{\"outcome\":\"fresh\"}\u2028\u0085\u001b[2J\u202e" + "x".repeat(1000);
    audit.refused(refusal(unsigned(forged), false, FailureReason.INVALID_TOKEN));

    String pod = keyValues(line()).getOrDefault("claimed_pod", "");
    assertThat(pod)
        .startsWith("pod??{\"outcome\":\"fresh\"}???[2J?x")
        .hasSizeLessThan(520)
        .endsWith("...");
  }

  @Test
  void boundsTheLinesOfAPodThatLoops() {
    for (int i = 0; i < 10_000; i++) {
      audit.refused(refusal(token, true, FailureReason.RESOURCE_NOT_FOUND));
    }
    assertThat(appender.list).hasSize(10);
    clock.advance(Duration.ofMinutes(1));
    audit.refused(refusal(token, true, FailureReason.RESOURCE_NOT_FOUND));

    assertThat(appender.list).hasSize(12);
    assertThat(keyValues(appender.list.get(10)))
        .containsEntry("left_out", "9990")
        .containsEntry("outcome", "ResourceNotFoundException")
        .containsEntry("sender", token.pod().orElseThrow().uid());
  }

  @Test
  void countsEachOutcomeByItself() {
    for (int i = 0; i < 100; i++) {
      audit.refused(refusal(token, true, FailureReason.THROTTLED));
    }
    audit.answered(request(), token, Issuance.cached(credentials()), Duration.ZERO);

    assertThat(appender.list).hasSize(11);
  }

  @Test
  void letsNobodyUseUpTheLinesOfAPodByClaimingToBeIt() {
    for (int i = 0; i < 100; i++) {
      audit.refused(refusal(token, false, FailureReason.INVALID_TOKEN));
    }
    audit.refused(refusal(token, true, FailureReason.INVALID_TOKEN));

    assertThat(keyValues(appender.list.get(10))).containsEntry("verified", "true");
  }

  @Test
  void boundsTheLinesOfAllSenders() throws UnknownHostException {
    for (int i = 0; i < 10_000; i++) {
      audit.refused(refusalFrom(i));
    }
    assertThat(appender.list).hasSize(AuditLog.LINES_IN_ALL);
    audit.close();

    assertThat(appender.list).hasSizeBetween(601, 611);
    long leftOut =
        appender.list.stream()
            .skip(AuditLog.LINES_IN_ALL)
            .mapToLong(line -> Long.parseLong(keyValues(line).getOrDefault("left_out", "")))
            .sum();
    assertThat(leftOut).isEqualTo(9400);
  }

  @Test
  void leavesOutNoNewCredentials() {
    for (int i = 0; i < 1000; i++) {
      audit.answered(request(), token, Issuance.fresh(credentials()), Duration.ZERO);
    }

    assertThat(appender.list).hasSize(1000);
  }

  @Test
  void beginsAnewEachMinute() {
    for (int minute = 0; minute < 5; minute++) {
      for (int i = 0; i < 10; i++) {
        audit.answered(request(), token, Issuance.cached(credentials()), Duration.ZERO);
      }
      clock.advance(LineBudget.WINDOW);
    }

    assertThat(appender.list).hasSize(50);
  }

  private ILoggingEvent line() {
    return appender.list.get(0);
  }

  private static Map<String, String> keyValues(ILoggingEvent event) {
    return event.getKeyValuePairs().stream()
        .collect(Collectors.toMap(pair -> pair.key, pair -> String.valueOf(pair.value)));
  }

  private String everything() {
    return appender.list.stream()
        .map(event -> event.getFormattedMessage() + keyValues(event))
        .collect(Collectors.joining("\n"));
  }

  private ServiceAccountToken token(String pod) {
    return ServiceAccountToken.parse(
        cluster.projectedToken(cluster.startPod(new ServiceAccountRef("default", "my-app"), pod)));
  }

  private static ServiceAccountToken unsigned(String pod) {
    String json =
        """
        {"iss":"i","sub":"system:serviceaccount:default:my-app","exp":4102444800,
        "kubernetes.io":{"namespace":"default","serviceaccount":{"name":"my-app"},
        "pod":{"name":"%s","uid":"u"}}}\
        """
            .formatted(escaped(pod));
    return ServiceAccountToken.parse(base64("{}") + "." + base64(json) + "." + base64("s"));
  }

  private static String escaped(String text) {
    return text.chars().mapToObj(c -> "\\u%04x".formatted(c)).collect(Collectors.joining());
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private CredentialRequest request() {
    return new CredentialRequest("127.0.0.1", token.value(), InetAddress.getLoopbackAddress());
  }

  private Refusal refusal(ServiceAccountToken claims, boolean accepted, FailureReason reason) {
    return new Refusal(
        request(),
        Optional.of(claims),
        accepted,
        new CredentialException(reason, "because of\na test", "a-refused-request", null, null),
        Duration.ofMillis(3));
  }

  private static Refusal refusalFrom(int sender) throws UnknownHostException {
    var address = InetAddress.getByAddress(new byte[] {10, 0, (byte) (sender >> 8), (byte) sender});
    return new Refusal(
        new CredentialRequest("127.0.0.1", "", address),
        Optional.empty(),
        false,
        new CredentialException(FailureReason.MISSING_TOKEN, "because of a test"),
        Duration.ZERO);
  }

  private static TemporaryCredentials credentials() {
    return TemporaryCredentials.builder()
        .accessKeyId("ASIA0LOCAL0000000001")
        .secretAccessKey("LocalSecret/canary")
        .sessionToken("LocalSessionToken/canary")
        .accountId("111122223333")
        .expiration(START.plus(Duration.ofHours(6)))
        .assumedRoleUser(
            new AssumedRoleUser(
                "arn:aws:sts::111122223333:assumed-role/my-role/a-session", "AROA:a-session"))
        .association(new AssociationRef("arn", "a-1"))
        .requestId("a-request")
        .issuer("EKS Auth")
        .build();
  }
}
