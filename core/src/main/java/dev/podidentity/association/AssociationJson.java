package dev.podidentity.association;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.json.StrictJson;
import dev.podidentity.token.ServiceAccountRef;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Associations as a journal's lines hold them; members are named as in EKS' API. */
final class AssociationJson {
  private AssociationJson() {}

  static ObjectNode write(PodIdentityAssociation association) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("namespace", association.serviceAccount().namespace());
    json.put("serviceAccount", association.serviceAccount().name());
    json.put("roleArn", association.roleArn().toString());
    json.put("associationArn", association.associationArn().toString());
    json.put("createdAt", association.createdAt().toString());
    json.put("modifiedAt", association.modifiedAt().toString());
    if (!association.tags().asMap().isEmpty()) {
      ObjectNode tags = json.putObject("tags");
      association.tags().asMap().forEach(tags::put);
    }
    if (association.disableSessionTags()) {
      json.put("disableSessionTags", true);
    }
    association.ownerArn().ifPresent(owner -> json.put("ownerArn", owner));
    association.targetRoleArn().ifPresent(role -> json.put("targetRoleArn", role.toString()));
    association.externalId().ifPresent(id -> json.put("externalId", id));
    association.policy().ifPresent(policy -> json.put("policy", policy.json()));
    return json;
  }

  /**
   * Throws {@link IllegalArgumentException}, with what is wrong, for anything else than written.
   */
  static PodIdentityAssociation read(ObjectNode json) {
    String target = StrictJson.text(json, "targetRoleArn");
    String policy = StrictJson.text(json, "policy");
    return PodIdentityAssociation.builder()
        .associationArn(AssociationArn.parse(required(json, "associationArn")))
        .serviceAccount(
            new ServiceAccountRef(required(json, "namespace"), required(json, "serviceAccount")))
        .roleArn(RoleArn.parse(required(json, "roleArn")))
        .createdAt(time(json, "createdAt"))
        .modifiedAt(time(json, "modifiedAt"))
        .tags(tags(json.get("tags")))
        .ownerArn(StrictJson.text(json, "ownerArn"))
        .disableSessionTags(json.path("disableSessionTags").asBoolean(false))
        .targetRole(
            target == null ? null : RoleArn.parse(target), StrictJson.text(json, "externalId"))
        .policy(policy == null ? null : new SessionPolicy(policy))
        .build();
  }

  static String required(ObjectNode json, String member) {
    String text = StrictJson.text(json, member);
    if (text == null) {
      throw new IllegalArgumentException("has no text member '" + member + "'");
    }
    return text;
  }

  private static Instant time(ObjectNode json, String member) {
    try {
      return Instant.parse(required(json, member));
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("has a member '" + member + "' that is no time", e);
    }
  }

  private static Tags tags(@Nullable JsonNode json) {
    if (json == null) {
      return Tags.none();
    }
    var tags = new LinkedHashMap<String, String>();
    json.properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    return Tags.of(tags);
  }
}
