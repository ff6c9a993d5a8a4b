package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.podidentity.association.AssociationException;
import dev.podidentity.association.AssociationFailure;
import dev.podidentity.association.AssociationQuery;
import dev.podidentity.association.AssociationStore;
import dev.podidentity.association.PodIdentityAssociation;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.server.http.Answer;
import java.util.List;

/**
 * EKS' five operations on associations.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations_Amazon_Elastic_Kubernetes_Service.html">
 *     Actions</a>
 */
final class AssociationOperations {
  private static final String ALL = "/clusters/([^/]+)/pod-identity-associations";
  private static final String ONE = ALL + "/([^/]+)";

  private final AssociationStore associations;

  AssociationOperations(AssociationStore associations) {
    this.associations = associations;
  }

  List<EksOperation> operations() {
    return List.of(
        EksOperation.aws("CreatePodIdentityAssociation", "POST", ALL, answering(this::create)),
        EksOperation.aws("ListPodIdentityAssociations", "GET", ALL, answering(this::list)),
        EksOperation.aws("DescribePodIdentityAssociation", "GET", ONE, answering(this::describe)),
        EksOperation.aws("UpdatePodIdentityAssociation", "POST", ONE, answering(this::update)),
        EksOperation.aws("DeletePodIdentityAssociation", "DELETE", ONE, answering(this::delete)));
  }

  @FunctionalInterface
  private interface Operation {
    Answer answer(EksRequest request) throws InvalidJsonException;
  }

  private EksOperation.Code answering(Operation operation) {
    return request -> {
      try {
        requireCluster(request.path().get(0));
        return operation.answer(request);
      } catch (AssociationException e) {
        return AwsErrors.of(e, associations.cluster().name());
      } catch (IllegalArgumentException e) {
        return failure(AssociationFailure.INVALID_PARAMETER, String.valueOf(e.getMessage()));
      } catch (InvalidJsonException e) {
        return failure(AssociationFailure.INVALID_REQUEST, "The body " + e.getMessage());
      }
    };
  }

  private Answer create(EksRequest request) throws InvalidJsonException {
    return answer(associations.create(AssociationWire.create(request.json())));
  }

  private Answer describe(EksRequest request) {
    return answer(associations.describe(request.path().get(1)));
  }

  private Answer update(EksRequest request) throws InvalidJsonException {
    return answer(
        associations.update(request.path().get(1), AssociationWire.update(request.json())));
  }

  private Answer delete(EksRequest request) {
    return answer(associations.delete(request.path().get(1)));
  }

  private Answer list(EksRequest request) {
    AssociationQuery query = AssociationQuery.all().after(request.first("nextToken"));
    String namespace = request.first("namespace");
    if (namespace != null) {
      query = query.inNamespace(namespace);
    }
    String serviceAccount = request.first("serviceAccount");
    if (serviceAccount != null) {
      query = query.ofServiceAccount(serviceAccount);
    }
    String maxResults = request.first("maxResults");
    if (maxResults != null) {
      query = query.maxResults(number(maxResults));
    }
    return AwsErrors.withRequestId(
        Answer.json(200, AssociationWire.write(associations.list(query))));
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("maxResults is no number", e);
    }
  }

  private void requireCluster(String name) {
    if (!name.equals(associations.cluster().name())) {
      throw new AssociationException(
          AssociationFailure.RESOURCE_NOT_FOUND, "No cluster found for name: " + name);
    }
  }

  private Answer failure(AssociationFailure failure, String message) {
    return AwsErrors.of(new AssociationException(failure, message), associations.cluster().name());
  }

  private static Answer answer(PodIdentityAssociation association) {
    var json = JsonNodeFactory.instance.objectNode();
    json.set("association", AssociationWire.write(association));
    return AwsErrors.withRequestId(Answer.json(200, json));
  }
}
