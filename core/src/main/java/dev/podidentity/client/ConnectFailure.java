package dev.podidentity.client;

import dev.podidentity.http.BadHttpException;
import dev.podidentity.pod.PodFailureReason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** Why there is no answer. */
public enum ConnectFailure {
  /** Nothing listens there. */
  REFUSED,
  /** This network has no route to it. */
  NO_ROUTE,
  /** The address is IPv6, which this JVM was told not to use. */
  IPV6_OFF_IN_JVM,
  /** Nothing came back in time. */
  TIMED_OUT,
  /** The endpoint's name has no address. */
  UNKNOWN_NAME,
  /** The certificate of an https endpoint is not trusted. */
  NOT_TRUSTED,
  /** The connection ended before the answer did. */
  BROKEN_OFF,
  /** The answer is not HTTP, or too large. */
  NOT_HTTP;

  // The JDK reads it once, from the process' own properties.
  private static final String IPV4_ALONE = "java.net.preferIPv4Stack";

  private static final String AGENT_RUNS =
      "check that the EKS Pod Identity Agent runs on this pod's node ('kubectl get pods -n"
          + " kube-system -l app.kubernetes.io/name=eks-pod-identity-agent -o wide') and that no"
          + " network policy keeps this pod from it";

  /** What an exception of {@link AgentTransport#get} stands for. */
  static ConnectFailure of(IOException e, AgentEndpoint endpoint) {
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
      return endpoint.isIpv6() && Boolean.getBoolean(IPV4_ALONE) ? IPV6_OFF_IN_JVM : NO_ROUTE;
    }
    return e instanceof ConnectException ? REFUSED : BROKEN_OFF;
  }

  // Where the JDK calls these a refused connection: the texts are those of strerror(3).
  private static boolean isNoRoute(String detail) {
    return Stream.of(
            "Network is unreachable",
            "Address family not supported",
            "Cannot assign requested address")
        .anyMatch(detail::contains);
  }

  PodFailureReason reason() {
    return this == NOT_HTTP ? PodFailureReason.BAD_ANSWER : PodFailureReason.AGENT_UNREACHABLE;
  }

  boolean retryable() {
    return this != NOT_TRUSTED && this != NOT_HTTP && this != IPV6_OFF_IN_JVM;
  }

  String what(AgentEndpoint endpoint, Duration timeout, IOException cause) {
    String agent = "The agent at " + endpoint + " ";
    return switch (this) {
      case REFUSED ->
          agent + "cannot be reached, since nothing listens there (" + cause.getMessage() + ")";
      case NO_ROUTE -> agent + "cannot be reached from this network (" + cause.getMessage() + ")";
      case IPV6_OFF_IN_JVM ->
          agent + "cannot be reached, since this JVM uses IPv4 alone (-D" + IPV4_ALONE + "=true)";
      case TIMED_OUT -> agent + "did not answer within " + timeout.toMillis() + " ms";
      case UNKNOWN_NAME -> agent + "has a name that cannot be resolved";
      case NOT_TRUSTED -> agent + "cannot be trusted";
      case BROKEN_OFF -> agent + "hung up (" + cause.getMessage() + ")";
      case NOT_HTTP -> "The answer of the agent at " + endpoint + " " + complaint(cause);
    };
  }

  private static String complaint(IOException cause) {
    return cause instanceof BadHttpException bad ? bad.complaint() : "is not HTTP";
  }

  String remedy() {
    return switch (this) {
      case NOT_TRUSTED -> "check its certificate and this JVM's trust store";
      case IPV6_OFF_IN_JVM ->
          "remove that option; it may be in JAVA_TOOL_OPTIONS, JDK_JAVA_OPTIONS or the program's"
              + " own script";
      case NOT_HTTP -> "check what listens there";
      case REFUSED, NO_ROUTE, TIMED_OUT, UNKNOWN_NAME, BROKEN_OFF -> AGENT_RUNS;
    };
  }
}
