package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.podidentity.credential.CredentialRequest;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.event.KeyValuePair;

class LogFormatTest {
  private static final String HOSTILE = "a\r\nb\u0085c\u2028d\u001b[2Je\"f\\g";

  private final LoggingEvent event = event();

  @Test
  void writesAnObjectALine() throws Exception {
    event.addKeyValuePair(new KeyValuePair("namespace", "default"));
    event.addKeyValuePair(new KeyValuePair("duration_ms", 12L));
    event.addKeyValuePair(new KeyValuePair("verified", true));
    event.addKeyValuePair(new KeyValuePair("nothing", null));

    JsonNode json = new JsonMapper().readTree(encode(LogFormat.JSON));

    assertThat(json.get("timestamp").textValue()).isEqualTo("2026-01-01T00:00:00.123Z");
    assertThat(json.get("level").textValue()).isEqualTo("INFO");
    assertThat(json.get("logger").textValue()).isEqualTo("dev.podidentity.audit");
    assertThat(json.get("message").textValue()).isEqualTo("A message");
    assertThat(json.get("namespace").textValue()).isEqualTo("default");
    assertThat(json.get("duration_ms").longValue()).isEqualTo(12);
    assertThat(json.get("verified").booleanValue()).isTrue();
    assertThat(json.get("nothing").isNull()).isTrue();
  }

  @Test
  void writesLinesForPeople() {
    event.addKeyValuePair(new KeyValuePair("took", Duration.ofSeconds(2)));

    assertThat(encode(LogFormat.TEXT))
        .isEqualTo("2026-01-01T00:00:00.123Z INFO  audit - A message took=\"PT2S\"\n");
  }

  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void letsNoValueBreakALine(LogFormat format) {
    event.addKeyValuePair(new KeyValuePair("pod", HOSTILE));

    assertThat(encode(format)).endsWith("\n").matches("[\\x20-\\x7e]+\\n");
  }

  @ParameterizedTest
  @EnumSource(LogFormat.class)
  void printsATypeAsItPrintsItself(LogFormat format) {
    var request =
        new CredentialRequest("127.0.0.1", "canary-token", InetAddress.getLoopbackAddress());
    event.addKeyValuePair(new KeyValuePair("request", request));

    assertThat(encode(format)).contains("CredentialRequest[").doesNotContain("canary-token");
  }

  @Test
  void indentsAStackTrace() {
    var context = new LoggerContext();
    var failure = new IllegalStateException("first\n2026-01-01T00:00:00Z INFO forged");
    var withCause =
        new LoggingEvent(
            "test", context.getLogger("test"), Level.ERROR, "It failed", failure, null);

    assertThat(
            new String(LogFormat.TEXT.encoder().encode(withCause), StandardCharsets.UTF_8).lines())
        .hasSizeGreaterThan(2)
        .satisfies(
            lines ->
                assertThat(lines.subList(1, lines.size())).allMatch(l -> l.startsWith("    ")));
  }

  @Test
  void keepsAStackTraceInItsLine() throws Exception {
    var context = new LoggerContext();
    var withCause =
        new LoggingEvent(
            "test",
            context.getLogger("test"),
            Level.ERROR,
            "It failed",
            new IllegalStateException("why"),
            null);

    String line = new String(LogFormat.JSON.encoder().encode(withCause), StandardCharsets.UTF_8);

    assertThat(line.lines()).hasSize(1);
    assertThat(new JsonMapper().readTree(line).get("stack_trace").textValue())
        .startsWith("java.lang.IllegalStateException: why");
  }

  @Test
  void readsItsName() {
    assertThat(LogFormat.parse("Text")).isEqualTo(LogFormat.TEXT);
    assertThatThrownBy(() -> LogFormat.parse("xml")).hasMessageContaining("write json or text");
  }

  private String encode(LogFormat format) {
    return new String(format.encoder().encode(event), StandardCharsets.UTF_8);
  }

  private static LoggingEvent event() {
    var context = new LoggerContext();
    var event =
        new LoggingEvent(
            "test", context.getLogger("dev.podidentity.audit"), Level.INFO, null, null, null);
    event.setInstant(Instant.parse("2026-01-01T00:00:00.123Z"));
    event.setMessage("A message");
    return event;
  }
}
