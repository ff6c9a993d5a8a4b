package dev.podidentity.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.podidentity.client.AgentEndpoint;
import dev.podidentity.client.AgentTransport;
import dev.podidentity.doctor.Finding.Code;
import dev.podidentity.http.HttpReply;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What the agent of this node says of itself. */
final class ProbeCheck {
  private static final int OK = 200;
  private static final int MAX_REASONS = 400;

  private final AgentTransport transport;
  private final Duration timeout;
  private final Findings findings;

  ProbeCheck(AgentTransport transport, Duration timeout, Findings findings) {
    this.transport = transport;
    this.timeout = timeout;
    this.findings = findings;
  }

  void check(AgentEndpoint probe, String remedy) {
    String url = probe + probe.target();
    HttpReply answer;
    try {
      answer = transport.get(probe, null, timeout);
    } catch (IOException e) {
      findings.add(
          Code.NO_PROBE,
          url + " does not answer (" + e.getMessage() + ")",
          "check that the agent runs on this node, and its --probe-port");
      return;
    }
    if (answer.status() == OK) {
      findings.good(Code.PROBE, url + " is content" + reasons(answer.body(), check -> true));
    } else {
      findings.add(
          Code.PROBE_FAILS,
          url + " answers " + answer.status() + reasons(answer.body(), ProbeCheck::fails),
          remedy);
    }
  }

  private static boolean fails(JsonNode check) {
    return !check.path("ok").asBoolean();
  }

  // AWS' own agent gives none.
  private static String reasons(byte[] body, Predicate<JsonNode> shown) {
    try {
      var json = StrictJson.readObject(body);
      String reasons =
          StreamSupport.stream(json.spliterator(), false)
              .filter(JsonNode::isArray)
              .flatMap(list -> StreamSupport.stream(list.spliterator(), false))
              .filter(shown)
              .map(check -> check.path("name").asText() + " " + check.path("reason").asText())
              .collect(Collectors.joining("; "));
      String text =
          reasons.length() > MAX_REASONS ? reasons.substring(0, MAX_REASONS) + "..." : reasons;
      return text.isEmpty() ? "" : ": " + text;
    } catch (InvalidJsonException e) {
      return "";
    }
  }
}
