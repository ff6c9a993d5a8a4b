package dev.podidentity.awssdk.eksauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.CALLS_REAL_METHODS;
import static org.mockito.Mockito.doReturn;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.DefaultAwsResponseMetadata;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.eksauth.EksAuthClient;
import software.amazon.awssdk.services.eksauth.model.AssumeRoleForPodIdentityRequest;
import software.amazon.awssdk.services.eksauth.model.AssumeRoleForPodIdentityResponse;
import software.amazon.awssdk.services.eksauth.model.AssumedRoleUser;
import software.amazon.awssdk.services.eksauth.model.Credentials;
import software.amazon.awssdk.services.eksauth.model.EksAuthResponseMetadata;
import software.amazon.awssdk.services.eksauth.model.PodIdentityAssociation;
import software.amazon.awssdk.services.eksauth.model.Subject;

/** What the source makes of whatever the AWS SDK's client gives it or throws. */
class EksAuthCredentialSourceTest {
  private static final Instant EXPIRATION = Instant.parse("2100-01-01T00:00:00Z");
  private static final String SECRET = "LocalSecret/of-the-answer";
  private static final LocalCluster CLUSTER = LocalCluster.builder().build();
  private static final ServiceAccountToken TOKEN =
      ServiceAccountToken.parse(
          CLUSTER.projectedToken(
              CLUSTER.startPod(new ServiceAccountRef("shop", "checkout"), "checkout-1")));

  private final EksAuthClient client = mock(EksAuthClient.class, CALLS_REAL_METHODS);
  private final EksAuthCredentialSource source = EksAuthCredentialSource.of(client, "my-cluster");

  @Test
  void asksForTheTokenInTheCluster() {
    answers(answer(all -> {}));

    var credentials = source.fetch(TOKEN);

    verify(client)
        .assumeRoleForPodIdentity(
            AssumeRoleForPodIdentityRequest.builder()
                .clusterName("my-cluster")
                .token(TOKEN.value())
                .build());
    assertThat(credentials.accountId()).isEqualTo("111122223333");
    assertThat(credentials.expiration()).isEqualTo(EXPIRATION);
    assertThat(credentials.requestId()).contains("request-1");
  }

  static Stream<Named<Consumer<AssumeRoleForPodIdentityResponse.Builder>>> subjectsOfOthers() {
    return Stream.of(
        named("another namespace", a -> a.subject(subject("kube-system", "checkout"))),
        named("another name", a -> a.subject(subject("shop", "admin"))),
        named("nobody", a -> a.subject(subject(null, null))),
        named("no subject", a -> a.subject((Subject) null)));
  }

  @ParameterizedTest
  @MethodSource("subjectsOfOthers")
  void refusesAnAnswerForAnotherServiceAccount(
      Consumer<AssumeRoleForPodIdentityResponse.Builder> change) {
    answers(answer(change));

    assertThat(failure())
        .hasMessageContaining("another service account")
        .hasMessageContaining("request-1")
        .extracting(CredentialException::reason)
        .isEqualTo(FailureReason.INVALID_ANSWER);
  }

  static Stream<Named<Consumer<AssumeRoleForPodIdentityResponse.Builder>>> missingMembers() {
    return Stream.of(
        named("credentials", a -> a.credentials((Credentials) null)),
        named("access key id", a -> a.credentials(credentials().accessKeyId(null).build())),
        named("secret", a -> a.credentials(credentials().secretAccessKey(null).build())),
        named("session token", a -> a.credentials(credentials().sessionToken(null).build())),
        named("expiration", a -> a.credentials(credentials().expiration(null).build())),
        named("role", a -> a.assumedRoleUser((AssumedRoleUser) null)),
        named("role's ARN", a -> a.assumedRoleUser(role(null))),
        named("well-formed ARN", a -> a.assumedRoleUser(role("role/my-role"))),
        named("association", a -> a.podIdentityAssociation((PodIdentityAssociation) null)));
  }

  @ParameterizedTest
  @MethodSource("missingMembers")
  void refusesAnAnswerThatLacksAMember(Consumer<AssumeRoleForPodIdentityResponse.Builder> change) {
    answers(answer(change));

    CredentialException failure = failure();

    assertThat(failure.reason()).isEqualTo(FailureReason.INVALID_ANSWER);
    assertThat(failure).hasMessageContaining("lacks a member").hasNoCause();
    assertThat(failure.getMessage()).doesNotContain(SECRET);
  }

  static Stream<Arguments> failuresOfTheSdk() {
    return Stream.of(
        Arguments.of(wrapped(new UnknownHostException("eks-auth")), FailureReason.UNREACHABLE),
        Arguments.of(wrapped(new ConnectException("refused")), FailureReason.UNREACHABLE),
        Arguments.of(wrapped(new SSLHandshakeException("untrusted")), FailureReason.UNREACHABLE),
        Arguments.of(wrapped(new SocketTimeoutException("read")), FailureReason.TIMED_OUT),
        Arguments.of(ApiCallTimeoutException.create(2_500), FailureReason.TIMED_OUT),
        Arguments.of(ApiCallAttemptTimeoutException.create(1_000), FailureReason.TIMED_OUT),
        Arguments.of(
            wrapped(new NodeCredentialsException("none", SdkClientException.create("none"))),
            FailureReason.NODE_CREDENTIALS),
        Arguments.of(wrapped(new NoJsonException()), FailureReason.INVALID_ANSWER),
        Arguments.of(SdkClientException.create("no region"), FailureReason.INVALID_ANSWER));
  }

  @ParameterizedTest
  @MethodSource("failuresOfTheSdk")
  void tellsTheFailuresOfTheSdkApart(RuntimeException thrown, FailureReason reason) {
    doThrow(thrown).when(client).assumeRoleForPodIdentity(anyRequest());

    assertThat(failure())
        .hasMessageContaining("shop/checkout")
        .hasMessageContaining("my-cluster")
        .extracting(CredentialException::reason)
        .isEqualTo(reason);
  }

  @Test
  void keepsWhatTheSdkCouldNotReadToItself() {
    doThrow(new IllegalStateException("bad value " + SECRET))
        .when(client)
        .assumeRoleForPodIdentity(anyRequest());

    CredentialException failure = failure();

    assertThat(failure.reason()).isEqualTo(FailureReason.INVALID_ANSWER);
    assertThat(failure).hasNoCause();
    assertThat(failure.getMessage()).doesNotContain(SECRET);
  }

  /** As the AWS SDK's own parser throws it: an {@link IOException} that is not of the network. */
  private static final class NoJsonException extends IOException {
    private static final long serialVersionUID = 1;
  }

  private static SdkClientException wrapped(Exception cause) {
    return SdkClientException.create("Unable to execute HTTP request", cause);
  }

  private static <T> Named<Consumer<T>> named(String name, Consumer<T> change) {
    return Named.of(name, change);
  }

  private void answers(AssumeRoleForPodIdentityResponse answer) {
    doReturn(answer).when(client).assumeRoleForPodIdentity(anyRequest());
  }

  private static AssumeRoleForPodIdentityRequest anyRequest() {
    return any(AssumeRoleForPodIdentityRequest.class);
  }

  private CredentialException failure() {
    return catchThrowableOfType(CredentialException.class, () -> source.fetch(TOKEN));
  }

  private static AssumeRoleForPodIdentityResponse answer(
      Consumer<AssumeRoleForPodIdentityResponse.Builder> change) {
    var answer =
        AssumeRoleForPodIdentityResponse.builder()
            .subject(subject("shop", "checkout"))
            .credentials(credentials().build())
            .assumedRoleUser(
                role("arn:aws:sts::111122223333:assumed-role/shop/eks-my-cluster-checkout-1"))
            .podIdentityAssociation(
                PodIdentityAssociation.builder()
                    .associationArn(
                        "arn:aws:eks:us-west-2:111122223333:podidentityassociation/c/a-1")
                    .associationId("a-1")
                    .build());
    answer.responseMetadata(
        EksAuthResponseMetadata.create(
            DefaultAwsResponseMetadata.create(Map.of("AWS_REQUEST_ID", "request-1"))));
    change.accept(answer);
    return answer.build();
  }

  private static Credentials.Builder credentials() {
    return Credentials.builder()
        .accessKeyId("ASIA0LOCAL0000000001")
        .secretAccessKey(SECRET)
        .sessionToken("LocalSessionToken/of-the-answer")
        .expiration(EXPIRATION);
  }

  private static AssumedRoleUser role(@Nullable String arn) {
    return AssumedRoleUser.builder().arn(arn).assumeRoleId("AROA0LOCAL0:session").build();
  }

  private static Subject subject(@Nullable String namespace, @Nullable String name) {
    return Subject.builder().namespace(namespace).serviceAccount(name).build();
  }
}
