package dev.podidentity.audit;

import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** The key-value pairs of one line, in order. To be used by one thread. */
final class AuditLine {
  private final Map<String, Object> pairs = new LinkedHashMap<>();

  /** Adds a text, whoever it comes from. */
  void text(String key, String value) {
    pairs.put(key, LogText.of(value));
  }

  void flag(String key, boolean value) {
    pairs.put(key, value);
  }

  void number(String key, long value) {
    pairs.put(key, value);
  }

  void duration(Duration took) {
    number("duration_ms", took.toMillis());
  }

  /** Adds what a token claims; the prefix says what to make of it. */
  void subject(String prefix, ServiceAccountToken token) {
    text(prefix + "namespace", token.serviceAccount().namespace());
    text(prefix + "service_account", token.serviceAccount().name());
    token
        .pod()
        .ifPresent(
            pod -> {
              text(prefix + "pod", pod.name());
              text(prefix + "pod_uid", pod.uid());
            });
  }

  void credentials(TemporaryCredentials credentials) {
    credentials.assumedRoleUser().ifPresent(role -> text("assumed_role_arn", role.arn()));
    credentials.association().ifPresent(by -> text("association_id", by.id()));
    credentials.issuer().ifPresent(by -> text("issuer", by));
    credentials.requestId().ifPresent(id -> text("request_id", id));
    text("access_key_id", credentials.accessKeyId());
    text("expiration", credentials.expiration().toString());
  }

  void write(Logger log, Level level, String message) {
    LoggingEventBuilder line = log.atLevel(level);
    for (Map.Entry<String, Object> pair : pairs.entrySet()) {
      line = line.addKeyValue(pair.getKey(), pair.getValue());
    }
    line.log(message);
  }
}
