package dev.podidentity.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.http.HttpReply;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import dev.podidentity.pod.PodFailureReason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers without credentials, told to the owner of the pod. Of the agent's words only two members
 * of a JSON error are shown, and of a text only which of EKS Auth's errors it names.
 */
final class AgentRefusals {
  private static final String EXPIRED_TOKEN = "ExpiredTokenException";
  private static final String THROTTLED = "ThrottlingException";
  private static final String NO_ASSOCIATION = "ResourceNotFoundException";

  /** The agent's own code for a path that it does not serve. */
  private static final String NO_SUCH_PATH = "NotFoundException";

  /** The text of the library that AWS' agent is built on, for the same. */
  private static final String NO_SUCH_PAGE = "404 page not found";

  /** What AWS' agent, which answers in plain text, passes on of EKS Auth. */
  private static final List<String> EKS_AUTH_ERRORS =
      List.of(
          "AccessDeniedException",
          EXPIRED_TOKEN,
          "InternalServerException",
          "InvalidParameterException",
          "InvalidRequestException",
          "InvalidTokenException",
          NO_ASSOCIATION,
          "ServiceUnavailableException",
          THROTTLED);

  private static final int MAX_QUOTED = 300;
  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]+");
  private static final Pattern SECRET_SHAPED = Pattern.compile("[A-Za-z0-9_/+=-]{60,}");

  private AgentRefusals() {}

  static AgentFailure of(HttpReply answer, AgentEndpoint endpoint, @Nullable String token) {
    ObjectNode json = json(answer);
    String code = code(answer, json);
    AgentFailure failure =
        code.equals(NO_SUCH_PATH)
            ? noSuchPath(endpoint, answer.status())
            : explain(reason(answer.status(), code), "The agent at " + endpoint, answer.status());
    return failure.answered(quote(code, json, token), answer.retryAfter().orElse(null));
  }

  private static PodFailureReason reason(int status, String code) {
    if (code.equals(EXPIRED_TOKEN)) {
      return PodFailureReason.TOKEN_EXPIRED;
    }
    if (status == 429 || code.equals(THROTTLED)) {
      return PodFailureReason.THROTTLED;
    }
    if (status >= 500 || status == 408) {
      return PodFailureReason.AGENT_FAILED;
    }
    if (status < 400) {
      return PodFailureReason.BAD_ANSWER;
    }
    // Where the agent says what it did not find, it is held to it.
    boolean noAssociation = code.isEmpty() || code.equals(NO_ASSOCIATION);
    return status == 404 && noAssociation
        ? PodFailureReason.NO_ASSOCIATION
        : PodFailureReason.REFUSED;
  }

  private static AgentFailure noSuchPath(AgentEndpoint endpoint, int status) {
    return AgentFailure.lasting(
        PodFailureReason.REFUSED,
        "The agent at "
            + endpoint
            + " does not serve the path "
            + endpoint.target()
            + " ("
            + status
            + ")",
        "check the path of AWS_CONTAINER_CREDENTIALS_FULL_URI; on EKS it is /v1/credentials");
  }

  private static AgentFailure explain(PodFailureReason reason, String agent, int status) {
    return switch (reason) {
      case NO_ASSOCIATION ->
          AgentFailure.lasting(
              reason,
              agent + " found no pod identity association (404)",
              "create one for this pod's namespace and service account with 'aws eks"
                  + " create-pod-identity-association', and check that the pod runs as that service"
                  + " account");
      case TOKEN_EXPIRED ->
          AgentFailure.lasting(
              reason,
              agent + " says that the token has expired (" + status + ")",
              "check the node's kubelet, which should have replaced it, and its clock");
      case THROTTLED ->
          AgentFailure.passing(
              reason, agent + " is asked too often (" + status + ")", "try again later");
      case AGENT_FAILED ->
          AgentFailure.passing(
              reason,
              agent + " failed (" + status + ")",
              "try again; if it lasts, look at the agent's log with 'kubectl logs -n kube-system -l"
                  + " app.kubernetes.io/name=eks-pod-identity-agent'");
      case BAD_ANSWER ->
          AgentFailure.lasting(
              reason,
              agent
                  + " answers "
                  + status
                  + " in place of credentials, and redirects are not followed",
              "check AWS_CONTAINER_CREDENTIALS_FULL_URI");
      case REFUSED ->
          AgentFailure.lasting(
              reason,
              agent + " refuses this pod (" + status + ")",
              "do what the agent says; on EKS, check that the association's role trusts"
                  + " pods.eks.amazonaws.com for sts:AssumeRole and sts:TagSession, and that the"
                  + " node's role has eks-auth:AssumeRoleForPodIdentity");
      case NOT_CONFIGURED,
          TOKEN_UNREADABLE,
          TOKEN_WRONG_AUDIENCE,
          AGENT_UNREACHABLE,
          WRONG_IDENTITY ->
          throw new AssertionError(reason + " is no answer of an agent");
    };
  }

  private static @Nullable ObjectNode json(HttpReply answer) {
    try {
      return StrictJson.readObject(answer.body());
    } catch (InvalidJsonException e) {
      return null;
    }
  }

  private static String code(HttpReply answer, @Nullable ObjectNode json) {
    if (json != null) {
      return either(json, "code", "Code");
    }
    String text = new String(answer.body(), StandardCharsets.ISO_8859_1);
    if (text.strip().equals(NO_SUCH_PAGE)) {
      return NO_SUCH_PATH;
    }
    return EKS_AUTH_ERRORS.stream().filter(text::contains).findFirst().orElse("");
  }

  private static String quote(String code, @Nullable ObjectNode json, @Nullable String token) {
    if (json == null && code.equals(NO_SUCH_PATH)) {
      return ""; // The text does not name it.
    }
    String message = json == null ? "" : either(json, "message", "Message");
    String said = message.isEmpty() ? code : code.isEmpty() ? message : code + ": " + message;
    boolean fit =
        PRINTABLE.matcher(said).matches()
            && !SECRET_SHAPED.matcher(said).find()
            && (token == null || !said.contains(token));
    if (!fit) {
      return "";
    }
    return said.length() > MAX_QUOTED ? said.substring(0, MAX_QUOTED) + "..." : said;
  }

  private static String either(ObjectNode json, String name, String otherName) {
    String text = StrictJson.text(json, name);
    String value = text != null ? text : StrictJson.text(json, otherName);
    return value == null ? "" : value;
  }
}
