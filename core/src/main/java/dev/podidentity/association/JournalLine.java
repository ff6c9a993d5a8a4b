package dev.podidentity.association;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import dev.podidentity.storage.CheckedLine;
import org.jspecify.annotations.Nullable;

/**
 * One line of a journal: eight hexadecimal digits of CRC-32C over the JSON that follows a space. A
 * line that an editor wrote is the JSON alone.
 */
final class JournalLine {
  private static final int VERSION = 1;
  private static final String HEADER = "podIdentityAssociations";

  private JournalLine() {}

  static String header(ClusterArn cluster) {
    return checked(
        JsonNodeFactory.instance
            .objectNode()
            .put(HEADER, VERSION)
            .put("cluster", cluster.toString()));
  }

  static String of(AssociationChange change) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (change instanceof AssociationChange.Put put) {
      json.set("put", AssociationJson.write(put.stored().association()));
      write(json, "created", put.stored().created());
      write(json, "updated", put.stored().updated());
    } else if (change instanceof AssociationChange.Delete delete) {
      json.put("delete", delete.associationId());
    }
    return checked(json);
  }

  private static void write(ObjectNode json, String member, @Nullable RequestToken token) {
    if (token != null) {
      json.putObject(member).put("token", token.token()).put("fingerprint", token.fingerprint());
    }
  }

  private static String checked(ObjectNode json) {
    return CheckedLine.of(json.toString());
  }

  static void requireHeader(String line, ClusterArn cluster) {
    String named = named(line);
    if (!named.equals(cluster.toString())) {
      throw new IllegalArgumentException("names cluster " + named + ", and not " + cluster);
    }
  }

  /** The cluster that a first line names. */
  static ClusterArn cluster(String header) {
    return ClusterArn.parse(named(header));
  }

  private static String named(String header) {
    ObjectNode json = json(header);
    if (json.path(HEADER).asInt() != VERSION) {
      throw new IllegalArgumentException("is not the first line of a file of associations");
    }
    return json.path("cluster").asText();
  }

  static AssociationChange parse(String line) {
    ObjectNode json = json(line);
    if (json.get("put") instanceof ObjectNode put) {
      return new AssociationChange.Put(
          new StoredAssociation(
              AssociationJson.read(put), token(json.get("created")), token(json.get("updated"))));
    }
    return new AssociationChange.Delete(AssociationJson.required(json, "delete"));
  }

  private static @Nullable RequestToken token(@Nullable JsonNode json) {
    return json instanceof ObjectNode object
        ? new RequestToken(
            AssociationJson.required(object, "token"),
            AssociationJson.required(object, "fingerprint"))
        : null;
  }

  private static ObjectNode json(String line) {
    try {
      return StrictJson.readObject(isHandwritten(line) ? line : CheckedLine.verified(line));
    } catch (InvalidJsonException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  static boolean isHandwritten(String line) {
    return line.startsWith("{");
  }
}
