package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.podidentity.local.MovableClock;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.StandardHttpRequest;
import io.fabric8.kubernetes.client.http.WebSocketUpgradeResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WatchReportTest {
  private static final String LIST = "https://10.43.0.1:443/api/v1/pods?limit=100";
  private static final String WATCH = "https://10.43.0.1:443/api/v1/pods?watch=true";
  private static final String ONE_POD = "https://10.43.0.1:443/api/v1/namespaces/shop/pods/a";

  private final Logger logger = (Logger) LoggerFactory.getLogger(WatchReport.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final MovableClock clock = MovableClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final WatchReport report = new WatchReport(clock);

  @BeforeEach
  void capture() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void release() {
    logger.detachAppender(logged);
  }

  private void answered(String uri, int status) {
    HttpRequest request = request(uri);
    report.after(request, new WebSocketUpgradeResponse(request, status), null);
  }

  private static HttpRequest request(String uri) {
    return new StandardHttpRequest.Builder().uri(uri).build();
  }

  private List<String> messages() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private String cause() {
    return logged.list.get(0).getKeyValuePairs().get(0).value.toString();
  }

  @Test
  void logsAFailureOnceHoweverOftenItIsMet() {
    for (int i = 0; i < 100; i++) {
      answered(LIST, 403);
      clock.advance(Duration.ofSeconds(30));
    }

    assertThat(messages())
        .containsExactly(
            "This node's pods cannot be watched: until they can, all count as present");
    assertThat(cause()).contains("403", "get, list and watch pods");
  }

  @Test
  void logsThatItIsOver() {
    answered(LIST, 401);
    answered(LIST, 200);
    assertThat(messages()).hasSize(1);

    answered(WATCH, 101);

    assertThat(messages()).hasSize(2).last().isEqualTo("This node's pods are watched again");
    assertThat(cause()).contains("401", "the agent's own service account token");
  }

  @Test
  void logsTwoLinesAMinuteOfAWatchThatIsTakenAndDropped() {
    for (int second = 0; second < 60; second++) {
      answered(WATCH, 500);
      answered(WATCH, 101);
      clock.advance(Duration.ofSeconds(1));
    }
    assertThat(messages()).hasSize(2);

    answered(WATCH, 500);

    assertThat(messages()).hasSize(3);
  }

  @Test
  void saysNothingOfWhatIsInOrder() {
    answered(LIST, 200);
    answered(LIST, 410);
    answered(WATCH, 101);
    answered(ONE_POD, 404);
    answered(ONE_POD, 403);
    report.afterConnectionFailure(request(ONE_POD), new ConnectException());
    report.listFailed(new KubernetesClientException("gone", 410, null));

    assertThat(messages()).isEmpty();
  }

  @Test
  void namesTheServerThatCannotBeReached() {
    var refused = new ConnectException();
    refused.initCause(new ClosedChannelException());

    report.afterConnectionFailure(request(WATCH), new IOException(refused));

    assertThat(cause()).isEqualTo("There is no connection to the API server at 10.43.0.1:443");
  }

  @Test
  void namesTheServerThatIsSilent() {
    var slow = new HttpConnectTimeoutException("slow");
    slow.initCause(new ConnectException("slow"));

    report.afterConnectionFailure(request(WATCH), slow);

    assertThat(cause()).isEqualTo("The API server at 10.43.0.1:443 does not answer in time");
  }

  @Test
  void namesWhatIsAtTheBottomOfAnythingElse() {
    report.afterConnectionFailure(
        request(WATCH), new IOException(new IllegalStateException("no route")));

    assertThat(cause()).endsWith("IllegalStateException: no route");
  }

  @Test
  void saysThatAnAnswerIsOfNoUse() {
    report.listFailed(new KubernetesClientException("wrapped", new IOException("no JSON")));

    assertThat(cause()).contains("of no use", "no JSON");
  }
}
