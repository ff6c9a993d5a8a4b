package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.association.AssociationPage;
import dev.podidentity.association.CreateAssociation;
import dev.podidentity.association.PodIdentityAssociation;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.SessionPolicy;
import dev.podidentity.association.Tags;
import dev.podidentity.association.UpdateAssociation;
import dev.podidentity.token.ServiceAccountRef;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import org.jspecify.annotations.Nullable;

/** Associations as EKS' API writes them; whatever it does not take is an illegal argument. */
final class AssociationWire {
  private static final int MILLIS = 3;

  private AssociationWire() {}

  static CreateAssociation create(ObjectNode body) {
    var account =
        new ServiceAccountRef(
            BodyMembers.required(body, "namespace"), BodyMembers.required(body, "serviceAccount"));
    String target = BodyMembers.optional(body, "targetRoleArn");
    String policy = BodyMembers.optional(body, "policy");
    return CreateAssociation.builder(account, RoleArn.parse(BodyMembers.required(body, "roleArn")))
        .clientRequestToken(BodyMembers.optional(body, "clientRequestToken"))
        .tags(tags(body.get("tags")))
        .disableSessionTags(Boolean.TRUE.equals(flag(body)))
        .targetRoleArn(target == null || target.isEmpty() ? null : RoleArn.parse(target))
        .policy(policy == null || policy.isEmpty() ? null : new SessionPolicy(policy))
        .build();
  }

  /** Empty text takes a target role or a policy away. */
  static UpdateAssociation update(ObjectNode body) {
    requireAbsent(body, "namespace");
    requireAbsent(body, "serviceAccount");
    var update =
        UpdateAssociation.builder()
            .clientRequestToken(BodyMembers.optional(body, "clientRequestToken"));
    String role = BodyMembers.optional(body, "roleArn");
    if (role != null) {
      update.roleArn(RoleArn.parse(role));
    }
    Boolean flag = flag(body);
    if (flag != null) {
      update.disableSessionTags(flag);
    }
    String target = BodyMembers.optional(body, "targetRoleArn");
    if (target != null && target.isEmpty()) {
      update.removeTargetRole();
    } else if (target != null) {
      update.targetRoleArn(RoleArn.parse(target));
    }
    String policy = BodyMembers.optional(body, "policy");
    if (policy != null && policy.isEmpty()) {
      update.removePolicy();
    } else if (policy != null) {
      update.policy(new SessionPolicy(policy));
    }
    return update.build();
  }

  static Tags tags(@Nullable JsonNode json) {
    if (json == null || json.isNull()) {
      return Tags.none();
    }
    var tags = new LinkedHashMap<String, String>();
    json.properties().forEach(tag -> tags.put(tag.getKey(), tag.getValue().asText()));
    return Tags.of(tags);
  }

  static ObjectNode write(Tags tags) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    tags.asMap().forEach(json::put);
    return json;
  }

  static ObjectNode write(PodIdentityAssociation association) {
    ObjectNode json = summary(association);
    json.put("roleArn", association.roleArn().toString());
    json.set("tags", write(association.tags()));
    json.put("createdAt", epochSeconds(association.createdAt()));
    json.put("modifiedAt", epochSeconds(association.modifiedAt()));
    json.put("disableSessionTags", association.disableSessionTags());
    association.targetRoleArn().ifPresent(role -> json.put("targetRoleArn", role.toString()));
    association.externalId().ifPresent(id -> json.put("externalId", id));
    association.policy().ifPresent(policy -> json.put("policy", policy.json()));
    return json;
  }

  static ObjectNode write(AssociationPage page) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray("associations");
    page.associations().forEach(association -> list.add(summary(association)));
    page.nextToken().ifPresent(token -> json.put("nextToken", token));
    return json;
  }

  private static ObjectNode summary(PodIdentityAssociation association) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("clusterName", association.clusterName());
    json.put("namespace", association.serviceAccount().namespace());
    json.put("serviceAccount", association.serviceAccount().name());
    json.put("associationArn", association.associationArn().toString());
    json.put("associationId", association.associationId());
    association.ownerArn().ifPresent(owner -> json.put("ownerArn", owner));
    return json;
  }

  static BigDecimal epochSeconds(Instant time) {
    return BigDecimal.valueOf(time.toEpochMilli(), MILLIS);
  }

  private static @Nullable Boolean flag(ObjectNode body) {
    JsonNode value = body.get("disableSessionTags");
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isBoolean()) {
      throw new IllegalArgumentException("disableSessionTags is neither true nor false");
    }
    return value.booleanValue();
  }

  private static void requireAbsent(ObjectNode body, String member) {
    if (body.has(member)) {
      throw new IllegalArgumentException(
          member + " cannot be changed: delete the association and create another");
    }
  }
}
