package dev.podidentity.client;

import dev.podidentity.client.AgentFailure.Kind;
import dev.podidentity.http.BadHttpException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Why there is no answer. */
public enum Obstacle {
  /** Nothing listens there. */
  REFUSED,
  /** This network does not lead there. */
  NO_ROUTE,
  /** Nothing came back in time. */
  TIMED_OUT,
  /** The endpoint's name has no address. */
  UNKNOWN_NAME,
  /** Whoever answers is not trusted over https. */
  NOT_TRUSTED,
  /** The connection ended before the answer did. */
  BROKEN_OFF,
  /** What answers speaks no HTTP, or too much of it. */
  NOT_HTTP;

  private static final String AGENT_RUNS =
      "check that the EKS Pod Identity Agent runs on this pod's node ('kubectl get pods -n"
          + " kube-system -l app.kubernetes.io/name=eks-pod-identity-agent -o wide') and that no"
          + " network policy keeps this pod from it";

  /** The obstacle that an exception of {@link AgentTransport#get} stands for. */
  public static Obstacle of(IOException e) {
    if (e instanceof BadHttpException) {
      return NOT_HTTP;
    }
    if (e instanceof SSLException) {
      return NOT_TRUSTED;
    }
    if (e instanceof SocketTimeoutException) {
      return TIMED_OUT;
    }
    if (e instanceof UnknownHostException) {
      return UNKNOWN_NAME;
    }
    if (e instanceof NoRouteToHostException || isNoRoute(String.valueOf(e.getMessage()))) {
      return NO_ROUTE;
    }
    return e instanceof ConnectException ? REFUSED : BROKEN_OFF;
  }

  // The JDK has no types for these: the texts are its own and those of strerror(3).
  private static boolean isNoRoute(String detail) {
    return Stream.of(
            "Network is unreachable",
            "Unsupported address type",
            "Protocol family unavailable",
            "Address family not supported",
            "Cannot assign requested address")
        .anyMatch(detail::contains);
  }

  /**
   * What is said of it.
   *
   * @param timeout how long an answer was waited for
   */
  public AgentFailure failure(AgentEndpoint endpoint, Duration timeout, IOException cause) {
    String agent = "The agent at " + endpoint + " ";
    AgentFailure failure =
        switch (this) {
          case REFUSED ->
              unreachable(
                  agent
                      + "cannot be reached, since nothing listens there ("
                      + cause.getMessage()
                      + ")");
          case NO_ROUTE ->
              unreachable(
                  agent + "cannot be reached from this network (" + cause.getMessage() + ")");
          case TIMED_OUT ->
              unreachable(agent + "did not answer within " + timeout.toMillis() + " ms");
          case UNKNOWN_NAME -> unreachable(agent + "has a name that cannot be resolved");
          case BROKEN_OFF -> unreachable(agent + "hung up (" + cause.getMessage() + ")");
          case NOT_TRUSTED ->
              AgentFailure.lasting(
                  Kind.AGENT_UNREACHABLE,
                  agent + "cannot be trusted",
                  "check its certificate and this JVM's trust store");
          case NOT_HTTP ->
              AgentFailure.lasting(
                  Kind.BAD_ANSWER,
                  "The answer of the agent at " + endpoint + " " + complaint(cause),
                  "check what listens there");
        };
    return failure.causedBy(cause);
  }

  private static String complaint(IOException cause) {
    return cause instanceof BadHttpException bad ? bad.complaint() : "is not HTTP";
  }

  private static AgentFailure unreachable(String what) {
    return AgentFailure.passing(Kind.AGENT_UNREACHABLE, what, AGENT_RUNS);
  }
}
