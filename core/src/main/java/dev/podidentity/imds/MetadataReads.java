package dev.podidentity.imds;

import dev.podidentity.http.BodyLimits;
import dev.podidentity.http.HttpReply;
import dev.podidentity.http.HttpRequest;
import dev.podidentity.http.HttpRequests;
import dev.podidentity.schedule.Ticker;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads below {@code /latest/meta-data/} by version 2 of the service's protocol: a session token
 * first, which is kept. A second and 1 MiB for each request, 20 requests a second. Thread-safe.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html">
 *     Instance Metadata Service Version 2</a>
 */
final class MetadataReads {
  static final int MAX_BYTES = 1024 * 1024;
  static final int PER_SECOND = 20;

  private static final HttpRequests REQUESTS =
      new HttpRequests(
          Duration.ofMillis(500),
          BodyLimits.withoutErrors(MAX_BYTES),
          HttpRequests::trustedByTheJvm);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final Duration SESSION = Duration.ofHours(6);
  private static final int MAX_SESSION_TOKEN = 1024;
  private static final int UNAUTHORIZED = 401;

  private final URI endpoint;
  private final Ticker ticker;
  private final ReadBudget budget = new ReadBudget(PER_SECOND);
  private volatile @Nullable String session;

  MetadataReads(URI endpoint, Ticker ticker) {
    this.endpoint = endpoint;
    this.ticker = ticker;
  }

  /**
   * What is at a path.
   *
   * @throws IOException if the service cannot be asked
   */
  HttpReply read(String path) throws IOException {
    String known = session;
    String token = known == null ? begin() : known;
    HttpReply reply = read(path, token);
    if (reply.status() == UNAUTHORIZED && known != null) {
      return read(path, begin());
    }
    return reply;
  }

  private HttpReply read(String path, String token) throws IOException {
    return send("GET", "/latest/meta-data/" + path, Map.of("X-aws-ec2-metadata-token", token));
  }

  private String begin() throws IOException {
    String seconds = Long.toString(SESSION.toSeconds());
    HttpReply reply =
        send("PUT", "/latest/api/token", Map.of("X-aws-ec2-metadata-token-ttl-seconds", seconds));
    String token = reply.text().strip();
    boolean usable =
        reply.isOk()
            && !token.isEmpty()
            && token.length() <= MAX_SESSION_TOKEN
            && token.chars().allMatch(c -> c > ' ' && c <= '~');
    if (!usable) {
      throw new IOException("the instance metadata service gives no session token");
    }
    session = token;
    return token;
  }

  private HttpReply send(String method, String path, Map<String, String> headers)
      throws IOException {
    if (!budget.take(ticker.read())) {
      throw new IOException("the instance metadata service is asked as often as it may be");
    }
    return REQUESTS.send(HttpRequest.of(method, endpoint.resolve(path), headers), TIMEOUT);
  }
}
