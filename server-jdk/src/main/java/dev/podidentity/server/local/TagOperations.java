package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.AddonArn;
import dev.podidentity.addon.AddonException;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.addon.rollout.ClusterAddons;
import dev.podidentity.association.AssociationArn;
import dev.podidentity.association.AssociationException;
import dev.podidentity.association.AssociationFailure;
import dev.podidentity.association.AssociationStore;
import dev.podidentity.association.Tags;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.server.http.Answer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * EKS' three operations on tags, for associations and the add-on. Their errors are named in a way
 * of their own.
 */
final class TagOperations {
  // An ARN has slashes, and not every client encodes them.
  private static final String PATH = "/tags/(.+)";

  private final AssociationStore associations;
  private final Supplier<ClusterAddons> addons;

  TagOperations(AssociationStore associations, Supplier<ClusterAddons> addons) {
    this.associations = associations;
    this.addons = addons;
  }

  List<EksOperation> operations() {
    return List.of(
        EksOperation.aws("ListTagsForResource", "GET", PATH, answering(this::list)),
        EksOperation.aws("TagResource", "POST", PATH, answering(this::tag)),
        EksOperation.aws("UntagResource", "DELETE", PATH, answering(this::untag)));
  }

  @FunctionalInterface
  private interface Operation {
    ObjectNode answer(Tagged resource, EksRequest request) throws InvalidJsonException;
  }

  private EksOperation.Code answering(Operation operation) {
    return request -> {
      try {
        ObjectNode json = operation.answer(resource(request.path().get(0)), request);
        return AwsErrors.withRequestId(Answer.json(200, json));
      } catch (AssociationException e) {
        return failure(e);
      } catch (AddonException e) {
        return failure(e);
      } catch (IllegalArgumentException | InvalidJsonException e) {
        return AwsErrors.answer(400, "BadRequestException", String.valueOf(e.getMessage()));
      }
    };
  }

  private static Answer failure(AssociationException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.failure()) {
      case RESOURCE_NOT_FOUND -> AwsErrors.answer(404, "NotFoundException", message);
      case INVALID_PARAMETER, INVALID_REQUEST, RESOURCE_IN_USE, RESOURCE_LIMIT_EXCEEDED ->
          AwsErrors.answer(400, "BadRequestException", message);
      case SERVER -> AwsErrors.answer(500, "ServerException", message);
    };
  }

  private static Answer failure(AddonException e) {
    String message = String.valueOf(e.getMessage());
    return switch (e.failure()) {
      case RESOURCE_NOT_FOUND -> AwsErrors.answer(404, "NotFoundException", message);
      case INVALID_PARAMETER, INVALID_REQUEST, RESOURCE_IN_USE ->
          AwsErrors.answer(400, "BadRequestException", message);
      case SERVER -> AwsErrors.answer(500, "ServerException", message);
    };
  }

  private Tagged resource(String arn) {
    return arn.contains(":addon/") ? addon(arn) : association(arn);
  }

  private Tagged association(String arn) {
    AssociationArn parsed = AssociationArn.parse(arn);
    if (!parsed.cluster().equals(associations.cluster())) {
      throw new AssociationException(
          AssociationFailure.RESOURCE_NOT_FOUND, "No such resource: " + arn);
    }
    String id = parsed.associationId();
    return new Tagged(
        () -> associations.describe(id).tags(),
        tags -> associations.tag(id, tags),
        keys -> associations.untag(id, keys));
  }

  private Tagged addon(String arn) {
    AddonArn parsed = AddonArn.parse(arn);
    String name = parsed.addonName();
    if (!addons.get().list().contains(name)
        || !addons.get().describe(name).addonArn().equals(parsed)) {
      throw new AddonException(AddonFailure.RESOURCE_NOT_FOUND, "No such resource: " + arn);
    }
    return new Tagged(
        () -> addons.get().describe(name).tags(),
        tags -> addons.get().tag(name, tags),
        keys -> addons.get().untag(name, keys));
  }

  /** What can be done with the tags of one resource. */
  private record Tagged(Supplier<Tags> tags, Consumer<Tags> tag, Consumer<List<String>> untag) {}

  private ObjectNode list(Tagged resource, EksRequest request) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("tags", AssociationWire.write(resource.tags().get()));
    return json;
  }

  private ObjectNode tag(Tagged resource, EksRequest request) throws InvalidJsonException {
    Tags tags = AssociationWire.tags(request.json().get("tags"));
    if (tags.asMap().isEmpty()) {
      throw new IllegalArgumentException("tags are missing");
    }
    resource.tag().accept(tags);
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode untag(Tagged resource, EksRequest request) {
    List<String> keys = request.query().getOrDefault("tagKeys", List.of());
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("tagKeys are missing");
    }
    resource.untag().accept(keys);
    return JsonNodeFactory.instance.objectNode();
  }
}
