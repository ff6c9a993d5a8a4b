package dev.podidentity.server.operations;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.credential.cache.CacheEntry;
import java.time.Duration;
import java.time.Instant;

/** An entry of the cache as people read it. */
final class EntryJson {
  private EntryJson() {}

  static ObjectNode of(CacheEntry entry, Instant now) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("namespace", entry.serviceAccount().namespace())
            .put("serviceAccount", entry.serviceAccount().name());
    entry.pod().ifPresent(pod -> json.put("pod", pod.name()).put("podUid", pod.uid()));
    entry.association().ifPresent(association -> json.put("associationId", association.id()));
    json.put("ageSeconds", Duration.between(entry.obtainedAt(), now).toSeconds());
    json.put("expiresAt", entry.expiresAt().toString());
    entry.nextRenewal().ifPresent(at -> json.put("nextRenewal", at.toString()));
    entry
        .lastError()
        .ifPresent(
            error ->
                json.putObject("lastError")
                    .put("at", error.at().toString())
                    .put("code", error.reason().code())
                    .put("message", error.message()));
    return json;
  }
}
