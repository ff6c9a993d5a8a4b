package dev.podidentity.awssdk.eksauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podidentity.client.FakeAgent;
import dev.podidentity.http.HttpRequests;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;

@Tag("every-jdk")
class SocketHttpClientTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final SdkHttpClient client =
      SocketHttpClient.builder(Map.of(), LONG, LONG, HttpRequests::trustedByTheJvm).build();

  private ExecutableHttpRequest post(FakeAgent server) {
    ContentStreamProvider content = ContentStreamProvider.fromUtf8String("{\"token\":\"t\"}");
    var request =
        SdkHttpFullRequest.builder()
            .method(SdkHttpMethod.POST)
            .uri(server.uri())
            .putHeader("Host", "eks-auth.example")
            .putHeader("Content-Length", "13")
            .putHeader("X-Twice", List.of("a", "b"))
            .contentStreamProvider(content)
            .build();
    return client.prepareRequest(
        HttpExecuteRequest.builder().request(request).contentStreamProvider(content).build());
  }

  @Test
  void sendsWhatTheSdkHasSignedAndGivesBackWhatCame() throws IOException {
    try (var server = FakeAgent.start(FakeAgent.json(400, "{}", "x-amzn-RequestId: some-id"))) {
      HttpExecuteResponse response = post(server).call();

      assertThat(response.httpResponse().statusCode()).isEqualTo(400);
      assertThat(response.httpResponse().firstMatchingHeader("X-Amzn-RequestId"))
          .contains("some-id");
      assertThat(response.responseBody().orElseThrow()).hasContent("{}");
      FakeAgent.Request request = server.requests().get(0);
      assertThat(request.line()).isEqualTo("POST /v1/credentials HTTP/1.1");
      assertThat(request.header("host")).isEqualTo("eks-auth.example");
      assertThat(request.header("content-length")).isEqualTo("13");
      assertThat(request.header("x-twice")).isEqualTo("a,b");
    }
  }

  @Test
  void endsACallThatTheSdkAborts() throws IOException {
    var ended = new CountDownLatch(1);
    var aborted = new ExecutableHttpRequest[1];
    FakeAgent.Behaviour abort =
        (request, connection) -> {
          aborted[0].abort();
          ended.await();
        };
    try (var server = FakeAgent.start(abort)) {
      aborted[0] = post(server);

      assertThatThrownBy(aborted[0]::call).isInstanceOf(SocketException.class);
    } finally {
      ended.countDown();
    }
  }

  @Test
  void readsNoMoreThanAnyAnswerOfEksAuthHas() throws IOException {
    String body = "x".repeat(SocketHttpClient.MAX_BODY + 1);
    try (var server =
        FakeAgent.start(
            (request, connection) ->
                FakeAgent.write(connection, "HTTP/1.1 400 X\r\n\r\n" + body))) {
      assertThatThrownBy(post(server)::call)
          .isInstanceOf(IOException.class)
          .hasMessage("the reply is larger than 131072 bytes");
    }
  }

  @Test
  void isNotBuiltWithAProxyOfAnotherKind() {
    var environment = Map.of("HTTPS_PROXY", "socks5://user:secret@proxy.example");

    assertThatThrownBy(
            () ->
                SocketHttpClient.builder(environment, LONG, LONG, HttpRequests::trustedByTheJvm)
                    .build())
        .isInstanceOf(SdkClientException.class)
        .hasMessageStartingWith("HTTPS_PROXY is not the URL of an HTTP proxy: write it as")
        .hasMessageNotContaining("secret");
  }
}
