package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.TokenFailures;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.http.Answer;
import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.ServiceAccountToken;
import java.util.regex.Pattern;

/**
 * EKS Auth's one operation.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/APIReference/API_auth_AssumeRoleForPodIdentity.html">
 *     AssumeRoleForPodIdentity</a>
 */
final class AssumeRoleForPodIdentity {
  static final String NAME = "AssumeRoleForPodIdentity";

  private static final Pattern CLUSTER_NAME = Pattern.compile("[0-9A-Za-z][A-Za-z0-9_-]{0,99}");

  private final LocalCluster cluster;

  AssumeRoleForPodIdentity(LocalCluster cluster) {
    this.cluster = cluster;
  }

  EksOperation operation() {
    return EksOperation.aws(
        NAME, "POST", "/clusters/([^/]+)/assume-role-for-pod-identity", this::answer);
  }

  private Answer answer(EksRequest request) {
    try {
      requireCluster(request.path().get(0));
      ServiceAccountToken token = token(request);
      requirePod(token);
      TemporaryCredentials credentials = cluster.credentials().fetch(token);
      return AwsErrors.withRequestId(Answer.json(200, json(token, credentials)));
    } catch (InvalidTokenException e) {
      return AwsErrors.of(TokenFailures.toCredentialException(e));
    } catch (CredentialException e) {
      return AwsErrors.of(e);
    }
  }

  private static ServiceAccountToken token(EksRequest request) {
    try {
      String token = StrictJson.text(request.json(), "token");
      if (token == null) {
        throw new CredentialException(
            FailureReason.INVALID_PARAMETER, "The request has no member 'token'");
      }
      return ServiceAccountToken.parse(token);
    } catch (InvalidJsonException e) {
      throw new CredentialException(
          FailureReason.INVALID_REQUEST, "The request body " + e.getMessage());
    }
  }

  private void requireCluster(String clusterName) {
    if (!CLUSTER_NAME.matcher(clusterName).matches()) {
      throw new CredentialException(
          FailureReason.INVALID_PARAMETER, "'" + clusterName + "' is no cluster name");
    }
    if (!clusterName.equals(cluster.name())) {
      throw new CredentialException(
          FailureReason.RESOURCE_NOT_FOUND, "No cluster found for name: " + clusterName);
    }
  }

  private static void requirePod(ServiceAccountToken token) {
    if (token.pod().isEmpty()) {
      throw new CredentialException(
          FailureReason.INVALID_REQUEST,
          "The token of service account "
              + token.serviceAccount()
              + " is bound to no pod: send the projected token of a pod");
    }
  }

  private static ObjectNode json(ServiceAccountToken token, TemporaryCredentials credentials) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer
        .putObject("subject")
        .put("namespace", token.serviceAccount().namespace())
        .put("serviceAccount", token.serviceAccount().name());
    answer.put("audience", ServiceAccountToken.POD_IDENTITY_AUDIENCE);
    credentials
        .association()
        .ifPresent(
            association ->
                answer
                    .putObject("podIdentityAssociation")
                    .put("associationArn", association.arn())
                    .put("associationId", association.id()));
    credentials
        .assumedRoleUser()
        .ifPresent(
            role ->
                answer
                    .putObject("assumedRoleUser")
                    .put("arn", role.arn())
                    .put("assumeRoleId", role.assumeRoleId()));
    answer
        .putObject("credentials")
        .put("accessKeyId", credentials.accessKeyId())
        .put("secretAccessKey", credentials.secretAccessKey())
        .put("sessionToken", credentials.sessionToken())
        .put("expiration", credentials.expiration().getEpochSecond());
    return answer;
  }
}
