package dev.podidentity.awssdk.eksauth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * Reads no more of an answer than any answer of EKS Auth has, and no longer than a call may take:
 * the AWS SDK reads errors to their end, and a byte now and then keeps its read timeout from
 * passing. Thread-safe.
 */
final class BoundedHttpClient implements SdkHttpClient {
  /** Some twenty times the longest answer. */
  static final int MAX_BODY = 128 * 1024;

  private final SdkHttpClient client;
  private final Duration maxTime;

  private BoundedHttpClient(SdkHttpClient client, Duration maxTime) {
    this.client = client;
    this.maxTime = maxTime;
  }

  /** Builds what the other builder builds, with these bounds around it. */
  static SdkHttpClient.Builder<?> around(SdkHttpClient.Builder<?> builder, Duration maxTime) {
    return new Builder(builder, maxTime);
  }

  private record Builder(SdkHttpClient.Builder<?> builder, Duration maxTime)
      implements SdkHttpClient.Builder<Builder> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      return new BoundedHttpClient(builder.buildWithDefaults(defaults), maxTime);
    }
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = client.prepareRequest(request);
    long deadline = System.nanoTime() + maxTime.toNanos();
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        return bounded(received(prepared), deadline);
      }

      @Override
      public void abort() {
        beside(prepared::abort);
      }
    };
  }

  /**
   * Aborts on a thread of its own: the JDK's client waits there while it reads what is left of an
   * answer, however slowly that comes, and nobody who waits for the call is to wait for that.
   */
  static void beside(Runnable abort) {
    var thread = new Thread(abort, "eks-auth-abort");
    thread.setDaemon(true);
    thread.start();
  }

  // What is no HTTP makes the JDK's client throw whatever comes to it, and recurse for each 1xx.
  private static HttpExecuteResponse received(ExecutableHttpRequest request) throws IOException {
    try {
      return request.call();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (RuntimeException | StackOverflowError e) {
      throw new BadAnswerException("The answer is no HTTP", e);
    }
  }

  private static HttpExecuteResponse bounded(HttpExecuteResponse response, long deadline) {
    Optional<AbortableInputStream> body = response.responseBody();
    if (body.isEmpty()) {
      return response;
    }
    var bounded = new BoundedBody(body.get(), MAX_BODY, deadline);
    return HttpExecuteResponse.builder()
        .response(response.httpResponse())
        .responseBody(AbortableInputStream.create(bounded, body.get()))
        .build();
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }
}
