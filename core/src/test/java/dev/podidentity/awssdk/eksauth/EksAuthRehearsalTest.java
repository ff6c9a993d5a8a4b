package dev.podidentity.awssdk.eksauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EksAuthRehearsalTest {
  private TellTaleProxy proxy;

  @BeforeEach
  void start() throws Exception {
    proxy = TellTaleProxy.start();
    System.setProperty("https.proxyHost", "127.0.0.1");
    System.setProperty("https.proxyPort", String.valueOf(proxy.port()));
  }

  @AfterEach
  void restore() {
    System.clearProperty("https.proxyHost");
    System.clearProperty("https.proxyPort");
    System.clearProperty("aws.useFipsEndpoint");
    System.clearProperty("aws.endpointUrl");
    proxy.close();
  }

  @Test
  void goesTheWholeWayOfACallAndAsksNobody() {
    var credentials = EksAuthRehearsal.call();

    assertThat(credentials.accessKeyId()).isEqualTo("rehearsal");
    assertThat(credentials.accountId()).contains("000000000000");
    assertThat(credentials.expiration()).isEqualTo(Instant.ofEpochSecond(1));
    assertThat(proxy.asked()).isEmpty();
  }

  @Test
  void getsAsFarAsTheFirstMessageOfTls() throws Exception {
    assertThat(EksAuthRehearsal.greet()).isPositive();
  }

  @Test
  void neverFailsBecauseOfTheNodesSettings() {
    System.setProperty("aws.useFipsEndpoint", "true");
    System.setProperty("aws.endpointUrl", "https://vpce.example");

    assertThatCode(EksAuthRehearsal::run).doesNotThrowAnyException();
    assertThat(proxy.asked()).isEmpty();
  }
}
