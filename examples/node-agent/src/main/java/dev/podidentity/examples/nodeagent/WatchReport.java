package dev.podidentity.examples.nodeagent;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs once that the pods of this node cannot be watched, and once that they can be again. The
 * client itself logs each attempt with a stack trace, or a failed watch not at all, which is why
 * its own log is off. At most one failure is logged each minute, so that an API server which takes
 * a watch and drops it does not fill the log. Thread-safe.
 */
final class WatchReport implements Interceptor {
  private static final Logger log = LoggerFactory.getLogger(WatchReport.class);

  private static final String PODS = "/api/v1/pods";
  private static final int FIRST_ERROR = 400;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int GONE = 410;
  private static final int MOST_CAUSES = 10;
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final Clock clock;
  private final Object lock = new Object();

  private boolean failing;
  private Instant quietUntil = Instant.MIN;

  WatchReport(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void after(
      HttpRequest request,
      HttpResponse<?> response,
      AsyncBody.@Nullable Consumer<List<ByteBuffer>> consumer) {
    if (!isOfWatch(request.uri())) {
      return;
    }
    int status = response.code();
    if (status < FIRST_ERROR) {
      succeeded(request.uri());
    } else if (status != GONE) { // The client lists again: nothing is wrong.
      failed(explain(status));
    }
  }

  @Override
  public void afterConnectionFailure(HttpRequest request, Throwable failure) {
    if (isOfWatch(request.uri())) {
      failed(explain(request.uri().getAuthority(), failure));
    }
  }

  private static boolean isOfWatch(URI uri) {
    return PODS.equals(uri.getPath());
  }

  // A list may succeed between watches that are refused.
  private void succeeded(URI uri) {
    if (!String.valueOf(uri.getQuery()).contains("watch=true")) {
      return;
    }
    synchronized (lock) {
      if (!failing) {
        return;
      }
      failing = false;
    }
    log.info("This node's pods are watched again");
  }

  /** Is told why a list failed; answers and connections were seen already. */
  void listFailed(Throwable failure) {
    if (!(failure instanceof KubernetesClientException answered && answered.getCode() > 0)) {
      failed("The API server's answer is of no use: " + bottom(failure));
    }
  }

  /** Logs this cause, unless one was logged that still holds. */
  void failed(String cause) {
    Instant now = clock.instant();
    synchronized (lock) {
      if (failing || now.isBefore(quietUntil)) {
        return;
      }
      failing = true;
      quietUntil = now.plus(QUIET);
    }
    log.atWarn()
        .addKeyValue("cause", cause)
        .log("This node's pods cannot be watched: until they can, all count as present");
  }

  private static String explain(int status) {
    return switch (status) {
      case UNAUTHORIZED ->
          "The API server answers 401: it does not accept the agent's own service account token";
      case FORBIDDEN ->
          "The API server answers 403: allow the agent's service account to get, list and watch"
              + " pods";
      default -> "The API server answers " + status;
    };
  }

  private static String explain(String server, Throwable failure) {
    List<Throwable> causes = causes(failure);
    // First: a timeout while connecting has a ConnectException as its cause.
    if (causes.stream().anyMatch(WatchReport::isTimeout)) {
      return "The API server at " + server + " does not answer in time";
    }
    if (causes.stream().anyMatch(ConnectException.class::isInstance)) {
      return "There is no connection to the API server at " + server;
    }
    return "The request to the API server at " + server + " failed: " + bottom(failure);
  }

  private static boolean isTimeout(Throwable cause) {
    return cause instanceof HttpTimeoutException || cause instanceof TimeoutException;
  }

  private static Throwable bottom(Throwable failure) {
    List<Throwable> causes = causes(failure);
    return causes.get(causes.size() - 1);
  }

  private static List<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .limit(MOST_CAUSES)
        .toList();
  }
}
