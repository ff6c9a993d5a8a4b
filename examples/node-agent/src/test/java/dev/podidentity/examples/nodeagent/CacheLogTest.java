package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class CacheLogTest {
  private static final String REFUSED = "the connection was refused: nothing listens there";

  private final Logger logger = (Logger) LoggerFactory.getLogger(CacheLog.class);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final ServiceAccountToken token = token();
  private final CacheLog log = new CacheLog();

  private static ServiceAccountToken token() {
    var cluster = LocalCluster.builder().build();
    return ServiceAccountToken.parse(
        cluster.projectedToken(cluster.startPod(new ServiceAccountRef("shop", "cart"), "cart-1")));
  }

  @BeforeEach
  void capture() {
    logged.start();
    logger.addAppender(logged);
  }

  @AfterEach
  void release() {
    logger.detachAppender(logged);
  }

  private void call(@Nullable FailureReason reason, String cause) {
    if (reason != null) {
      var failure = new CredentialException(reason, "for shop/cart");
      log.callFailed(token, cause.isEmpty() ? failure : failure.withDetail(cause));
    }
    log.called(token, Duration.ofMillis(10), reason);
  }

  private List<String> messages() {
    return logged.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void warnsOnceForEachCauseThatEksAuthCannotBeReached() {
    for (int i = 0; i < 100; i++) {
      call(FailureReason.UNREACHABLE, REFUSED);
    }
    call(FailureReason.UNREACHABLE, "the node has no route to it");

    assertThat(messages()).hasSize(2).containsOnly("EKS Auth cannot be reached");
    assertThat(logged.list.get(0).getKeyValuePairs())
        .extracting(pair -> pair.value)
        .containsExactly("UpstreamUnreachableException", REFUSED);
  }

  @Test
  void saysOnceThatItCanBeReachedAgain() {
    call(FailureReason.UNREACHABLE, REFUSED);
    call(FailureReason.RESOURCE_NOT_FOUND, "");
    call(null, "");

    assertThat(messages())
        .containsExactly("EKS Auth cannot be reached", "EKS Auth can be reached again");
  }

  @Test
  void takesNoThrottlingForAnAnswerAndIsSilentWithoutATrouble() {
    call(null, "");
    call(FailureReason.UNREACHABLE, REFUSED);
    call(FailureReason.THROTTLED, "");

    assertThat(messages()).hasSize(1);
  }
}
