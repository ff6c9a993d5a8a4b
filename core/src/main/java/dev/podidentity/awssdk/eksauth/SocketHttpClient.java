package dev.podidentity.awssdk.eksauth;

import dev.podidentity.http.BodyLimits;
import dev.podidentity.http.BodyLimits.OfErrors;
import dev.podidentity.http.HttpCall;
import dev.podidentity.http.HttpReply;
import dev.podidentity.http.HttpRequest;
import dev.podidentity.http.HttpRequests;
import dev.podidentity.http.Proxies;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * What the AWS SDK sends its requests with here. None of its own clients ends in time whatever a
 * server does: the JDK's, which the smallest of them stands on, waits for ever on a chunk that is
 * never whole, and keeps trailers without end. A connection serves one request: the cache leaves
 * seconds between them, and the handshake is resumed. Thread-safe.
 */
final class SocketHttpClient implements SdkHttpClient {
  /** Some twenty times the longest answer of EKS Auth. */
  static final int MAX_BODY = 128 * 1024;

  private static final int SERVER_ERROR = 500;
  private static final String HTML = "text/html";

  private final HttpRequests requests;
  private final Proxies proxies;
  private final Duration timeout;

  private SocketHttpClient(HttpRequests requests, Proxies proxies, Duration timeout) {
    this.requests = requests;
    this.proxies = proxies;
    this.timeout = timeout;
  }

  /**
   * Builds clients.
   *
   * @param environment names the proxies
   * @param connectTimeout how long connecting may take
   * @param timeout how long a request may take
   * @param tls says who is trusted
   */
  static SdkHttpClient.Builder<?> builder(
      Map<String, String> environment,
      Duration connectTimeout,
      Duration timeout,
      Supplier<SSLSocketFactory> tls) {
    return new Builder(environment, connectTimeout, timeout, tls);
  }

  private record Builder(
      Map<String, String> environment,
      Duration connectTimeout,
      Duration timeout,
      Supplier<SSLSocketFactory> tls)
      implements SdkHttpClient.Builder<Builder> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      var requests =
          new HttpRequests(connectTimeout, new BodyLimits(MAX_BODY, OfErrors.WHOLE), tls);
      return new SocketHttpClient(requests, proxies(), timeout);
    }

    private Proxies proxies() {
      try {
        return Proxies.of(environment);
      } catch (IllegalArgumentException e) {
        throw SdkClientException.create(e.getMessage(), e);
      }
    }
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    HttpCall call = requests.call(translated(request));
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        HttpReply reply = call.send(timeout);
        requireNoPage(reply);
        return translated(reply);
      }

      @Override
      public void abort() {
        call.abort();
      }
    };
  }

  // A gateway that fails may say so in HTML. What answers anything else with a page is not of AWS.
  private static void requireNoPage(HttpReply reply) throws HtmlReplyException {
    String type = reply.headers().getOrDefault("content-type", "");
    if (reply.status() < SERVER_ERROR && type.toLowerCase(Locale.ROOT).startsWith(HTML)) {
      throw new HtmlReplyException(reply.status());
    }
  }

  private HttpRequest translated(HttpExecuteRequest executed) {
    SdkHttpRequest request = executed.httpRequest();
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    request.forEachHeader((name, values) -> headers.put(name, String.join(",", values)));
    // The message is framed by what it turns out to hold.
    headers.remove("Content-Length");
    headers.remove("Transfer-Encoding");
    URI uri = request.getUri();
    HttpRequest bare = HttpRequest.of(request.method().name(), uri, headers);
    HttpRequest whole =
        executed.contentStreamProvider().map(SocketHttpClient::read).map(bare::with).orElse(bare);
    return proxies.of(uri).map(whole::by).orElse(whole);
  }

  private static byte[] read(ContentStreamProvider provider) {
    try (InputStream content = provider.newStream()) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw SdkClientException.create("The request cannot be read", e);
    }
  }

  private static HttpExecuteResponse translated(HttpReply reply) {
    var response = SdkHttpResponse.builder().statusCode(reply.status());
    reply.headers().forEach(response::putHeader);
    return HttpExecuteResponse.builder()
        .response(response.build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(reply.body())))
        .build();
  }

  @Override
  public String clientName() {
    return "PodIdentity";
  }

  @Override
  public void close() {
    requests.close();
  }
}
