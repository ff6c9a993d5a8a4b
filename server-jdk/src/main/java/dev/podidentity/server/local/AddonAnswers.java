package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.addon.AddonException;
import dev.podidentity.addon.AddonFailure;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.server.http.Answer;

/** Answers of the operations on the add-on, and what becomes of their failures. */
final class AddonAnswers {
  /** What one operation answers. */
  @FunctionalInterface
  interface Operation {
    ObjectNode answer(EksRequest request) throws InvalidJsonException;
  }

  private final String clusterName;

  AddonAnswers(String clusterName) {
    this.clusterName = clusterName;
  }

  /** An operation whose path begins with the cluster's name. */
  EksOperation.Code ofCluster(Operation operation) {
    return of(
        request -> {
          requireCluster(request.path().get(0));
          return operation.answer(request);
        });
  }

  /** An operation that is no cluster's. */
  EksOperation.Code of(Operation operation) {
    return request -> {
      try {
        return AwsErrors.withRequestId(Answer.json(200, operation.answer(request)));
      } catch (AddonException e) {
        return AwsErrors.of(e, clusterName);
      } catch (IllegalArgumentException e) {
        return failure(AddonFailure.INVALID_PARAMETER, String.valueOf(e.getMessage()));
      } catch (InvalidJsonException e) {
        return failure(AddonFailure.INVALID_REQUEST, "The body " + e.getMessage());
      }
    };
  }

  private Answer failure(AddonFailure failure, String message) {
    return AwsErrors.of(new AddonException(failure, message), clusterName);
  }

  private void requireCluster(String name) {
    if (!name.equals(clusterName)) {
      throw new AddonException(
          AddonFailure.RESOURCE_NOT_FOUND, "No cluster found for name: " + name);
    }
  }
}
