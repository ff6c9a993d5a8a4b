package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.association.AssociationArn;
import dev.podidentity.association.AssociationException;
import dev.podidentity.association.AssociationFailure;
import dev.podidentity.association.AssociationStore;
import dev.podidentity.association.Tags;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.server.http.Answer;
import java.util.List;

/**
 * EKS' three operations on tags, for associations. Their errors are named in a way of their own.
 */
final class TagOperations {
  // An ARN has slashes, and not every client encodes them.
  private static final String PATH = "/tags/(.+)";

  private final AssociationStore associations;

  TagOperations(AssociationStore associations) {
    this.associations = associations;
  }

  List<EksOperation> operations() {
    return List.of(
        EksOperation.aws("ListTagsForResource", "GET", PATH, answering(this::list)),
        EksOperation.aws("TagResource", "POST", PATH, answering(this::tag)),
        EksOperation.aws("UntagResource", "DELETE", PATH, answering(this::untag)));
  }

  @FunctionalInterface
  private interface Operation {
    ObjectNode answer(String associationId, EksRequest request) throws InvalidJsonException;
  }

  private EksOperation.Code answering(Operation operation) {
    return request -> {
      try {
        ObjectNode json = operation.answer(associationId(request.path().get(0)), request);
        return AwsErrors.withRequestId(Answer.json(200, json));
      } catch (AssociationException e) {
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

  private String associationId(String arn) {
    AssociationArn parsed = AssociationArn.parse(arn);
    if (!parsed.cluster().equals(associations.cluster())) {
      throw new AssociationException(
          AssociationFailure.RESOURCE_NOT_FOUND, "No such resource: " + arn);
    }
    return parsed.associationId();
  }

  private ObjectNode list(String associationId, EksRequest request) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("tags", AssociationWire.write(associations.describe(associationId).tags()));
    return json;
  }

  private ObjectNode tag(String associationId, EksRequest request) throws InvalidJsonException {
    Tags tags = AssociationWire.tags(request.json().get("tags"));
    if (tags.asMap().isEmpty()) {
      throw new IllegalArgumentException("tags are missing");
    }
    associations.tag(associationId, tags);
    return JsonNodeFactory.instance.objectNode();
  }

  private ObjectNode untag(String associationId, EksRequest request) {
    List<String> keys = request.query().getOrDefault("tagKeys", List.of());
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("tagKeys are missing");
    }
    associations.untag(associationId, keys);
    return JsonNodeFactory.instance.objectNode();
  }
}
