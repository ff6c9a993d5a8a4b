package dev.podidentity.awssdk.eksauth;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.utils.AttributeMap;

/** An HTTP client that answers 200 and the same JSON to everything, and opens no socket. */
final class AnswerFromMemory implements SdkHttpClient {
  private final byte[] json;

  private AnswerFromMemory(String json) {
    this.json = json.getBytes(StandardCharsets.UTF_8);
  }

  static SdkHttpClient.Builder<?> builder(String json) {
    return new Builder(json);
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() {
        return answer();
      }

      @Override
      public void abort() {}
    };
  }

  private HttpExecuteResponse answer() {
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpResponse.builder()
                .statusCode(200)
                .putHeader("Content-Type", "application/json")
                .build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(json)))
        .build();
  }

  @Override
  public void close() {}

  private record Builder(String json) implements SdkHttpClient.Builder<Builder> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap serviceDefaults) {
      return new AnswerFromMemory(json);
    }
  }
}
