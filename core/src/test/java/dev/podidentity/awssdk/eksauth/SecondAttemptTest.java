package dev.podidentity.awssdk.eksauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podidentity.client.FakeAgent;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.eksauth.EksAuthClient;

/** A call is tried again at once only where the connection failed. */
class SecondAttemptTest {
  private static final StaticCredentialsProvider NODE =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIA0NODE", "secret"));

  private static EksAuthClients clients(FakeAgent server) {
    return EksAuthClients.forNode()
        .endpoint(server.uri().resolve("/"))
        .region("us-west-2")
        .credentials(NODE);
  }

  private static int callsThatFail(FakeAgent server) {
    try (EksAuthClient client = clients(server).build()) {
      assertThatThrownBy(() -> client.assumeRoleForPodIdentity(r -> r.clusterName("c").token("t")))
          .isInstanceOf(SdkException.class);
    }
    return server.requests().size();
  }

  static List<Throwable> ofTheConnection() {
    var handshake = new SSLHandshakeException("Remote host terminated the handshake");
    handshake.initCause(new EOFException("SSL peer shut down incorrectly"));
    return List.of(
        new ConnectException("Connection refused"),
        new SocketException("Connection reset"),
        new UnknownHostException("eks-auth"),
        new EOFException("the connection ended before the reply did"),
        handshake);
  }

  @ParameterizedTest
  @MethodSource("ofTheConnection")
  void mayHelpWhereTheConnectionFailed(Throwable cause) {
    assertThat(SecondAttempt.mayHelp(SdkClientException.create("failed", cause))).isTrue();
  }

  static List<Throwable> slowOrFinal() {
    return List.of(
        new SocketTimeoutException("no whole reply in time"),
        ApiCallTimeoutException.create(2_500),
        new SSLHandshakeException("PKIX path building failed"));
  }

  @ParameterizedTest
  @MethodSource("slowOrFinal")
  void doesNotHelpWhereTheAnswerIsSlowOrTheCauseStays(Throwable cause) {
    assertThat(SecondAttempt.mayHelp(SdkClientException.create("failed", cause))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 503})
  void leavesWhatEksAuthAnsweredToTheCache(int status) throws Exception {
    try (var server = FakeAgent.start(FakeAgent.json(status, "{}"))) {
      assertThat(callsThatFail(server)).isEqualTo(1);
    }
  }

  @Test
  void hasNoTimeoutForAnAttemptButTheBudgetOfTheCall() throws Exception {
    try (var server = FakeAgent.start(FakeAgent.json(500, "{}"));
        EksAuthClient client = clients(server).callBudget(Duration.ofSeconds(7)).build()) {
      var settings = client.serviceClientConfiguration().overrideConfiguration();

      assertThat(settings.apiCallAttemptTimeout()).isEmpty();
      assertThat(settings.apiCallTimeout()).contains(Duration.ofSeconds(7));
    }
  }

  @Test
  void refusesABudgetOfNothing() {
    assertThatThrownBy(() -> EksAuthClients.forNode().callBudget(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
