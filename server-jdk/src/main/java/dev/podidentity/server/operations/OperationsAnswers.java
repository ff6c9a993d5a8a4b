package dev.podidentity.server.operations;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.credential.cache.CacheEntry;
import dev.podidentity.server.http.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The one place where findings become statuses and bodies. */
final class OperationsAnswers {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int OK = 200;

  private OperationsAnswers() {}

  /** 408 if a socket did not answer in time, 500 if one fails otherwise. */
  static Answer health(List<CheckResult> results) {
    boolean late = results.stream().anyMatch(r -> r.outcome() == CheckResult.Outcome.TIMED_OUT);
    boolean well = results.stream().allMatch(CheckResult::isOk);
    int failure = late ? 408 : 500;
    return report(well ? OK : failure, well ? "healthy" : "unhealthy", "addresses", results);
  }

  /** 503 if a check fails. */
  static Answer readiness(List<CheckResult> results) {
    boolean well = results.stream().allMatch(CheckResult::isOk);
    return report(well ? OK : 503, well ? "ready" : "not ready", "checks", results);
  }

  private static Answer report(
      int status, String summary, String member, List<CheckResult> results) {
    ObjectNode body = JSON.objectNode().put("status", summary);
    ArrayNode list = body.putArray(member);
    for (CheckResult result : results) {
      list.addObject()
          .put("name", result.name())
          .put("ok", result.isOk())
          .put("outcome", result.outcome().name().toLowerCase(Locale.ROOT))
          .put("reason", result.reason());
    }
    return Answer.json(status, body);
  }

  static Answer metrics(MetricsPage page) {
    return Answer.of(OK, page.contentType(), page.text().getBytes(StandardCharsets.UTF_8));
  }

  static Answer entries(List<CacheEntry> entries, Instant now) {
    ObjectNode body = JSON.objectNode().put("count", entries.size());
    ArrayNode list = body.putArray("entries");
    entries.forEach(entry -> list.add(EntryJson.of(entry, now)));
    return Answer.json(OK, body);
  }

  static Answer crossSite() {
    return error(403, "Requests of web pages of another site are refused (Origin, Sec-Fetch-Site)");
  }

  static Answer otherHost() {
    return error(403, "Ask by an IP address, as localhost, or by a host name that the agent knows");
  }

  static Answer notFound() {
    return error(404, "Nothing is served here");
  }

  static Answer methodNotAllowed() {
    return error(405, "Only GET and HEAD are served here").with("Allow", "GET, HEAD");
  }

  static Answer unforeseen() {
    return error(500, "The agent failed: its log has the cause");
  }

  static Answer stopping() {
    return error(503, "The agent is stopping");
  }

  private static Answer error(int status, String message) {
    return Answer.json(status, JSON.objectNode().put("message", message));
  }
}
