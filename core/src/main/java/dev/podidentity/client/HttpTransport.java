package dev.podidentity.client;

import dev.podidentity.http.BodyLimits;
import dev.podidentity.http.BodyLimits.OfErrors;
import dev.podidentity.http.HttpReply;
import dev.podidentity.http.HttpRequest;
import dev.podidentity.http.HttpRequests;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** A GET that ends in time, and whose answer is no longer than credentials and their errors are. */
public final class HttpTransport implements AgentTransport {
  private static final int MAX_BODY = 64 * 1024;

  private final HttpRequests requests;

  /**
   * A transport.
   *
   * @param connectTimeout how long connecting may take, within the timeout of the request
   * @param tls asked for only when an endpoint has https
   */
  public HttpTransport(Duration connectTimeout, Supplier<SSLSocketFactory> tls) {
    this.requests =
        new HttpRequests(connectTimeout, new BodyLimits(MAX_BODY, OfErrors.IF_WHOLE), tls);
  }

  @Override
  public HttpReply get(AgentEndpoint endpoint, @Nullable String token, Duration timeout)
      throws IOException {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Accept", "application/json");
    if (token != null) {
      headers.put("Authorization", token);
    }
    URI uri = URI.create(endpoint + endpoint.target());
    return requests.send(
        HttpRequest.of("GET", uri, headers).to(endpoint.resolve().getAddress()), timeout);
  }

  @Override
  public void close() {
    requests.close();
  }
}
