package dev.podidentity.server;

import com.sun.net.httpserver.Headers;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The headers of a request that decide what becomes of it. To be used by one thread. */
final class RequestHeaders {
  private enum Name {
    HOST("Host"),
    AUTHORIZATION("Authorization"),
    CONTENT_LENGTH("Content-Length"),
    TRANSFER_ENCODING("Transfer-Encoding"),
    VIA("Via"),
    FORWARDED("Forwarded"),
    X_FORWARDED_FOR("X-Forwarded-For");

    private static final List<Name> ALL = List.of(values());

    /** What proxies add; a token has no business in one. */
    private static final List<Name> OF_PROXIES = List.of(VIA, FORWARDED, X_FORWARDED_FOR);

    private final String text;

    Name(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private final Map<Name, List<String>> values = new EnumMap<>(Name.class);

  private RequestHeaders() {}

  /** Goes over them once: each look into the server's own map writes the name anew. */
  static RequestHeaders of(Headers headers) {
    var found = new RequestHeaders();
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      for (Name name : Name.ALL) {
        if (name.text.equalsIgnoreCase(header.getKey())) {
          found.values.merge(name, header.getValue(), RequestHeaders::both);
        }
      }
    }
    return found;
  }

  // A server that keeps names as they were sent has two of one header under two names.
  private static List<String> both(List<String> some, List<String> others) {
    return Stream.of(some, others).flatMap(List::stream).toList();
  }

  /** Refuses a request that a proxy has passed on. */
  void requireDirect() {
    for (Name name : Name.OF_PROXIES) {
      if (values.containsKey(name)) {
        throw invalid(
            "The request came through a proxy (it has the header "
                + name
                + "): add the agent's address to NO_PROXY");
      }
    }
  }

  /**
   * Refuses a request with a body. Two readers could disagree where it ends: the JDK's server takes
   * '+5' for a length.
   */
  void requireNoBody() {
    String length = atMostOne(Name.CONTENT_LENGTH);
    boolean empty = length == null || length.equals("0");
    if (!empty || values.containsKey(Name.TRANSFER_ENCODING)) {
      throw invalid("The request has a body: credentials are read with GET and nothing else");
    }
  }

  /** Which host was asked. */
  String host() {
    String host = atMostOne(Name.HOST);
    if (host == null) {
      throw invalid(
          "The request has no Host header: send the host of AWS_CONTAINER_CREDENTIALS_FULL_URI");
    }
    return host;
  }

  /** The token; empty without one. */
  String authorization() {
    String token = atMostOne(Name.AUTHORIZATION);
    return token == null ? "" : token;
  }

  private @Nullable String atMostOne(Name name) {
    List<String> all = values.get(name);
    if (all != null && all.size() > 1) {
      throw invalid("The request has " + all.size() + " " + name + " headers: send one");
    }
    return all == null || all.isEmpty() ? null : all.get(0);
  }

  private static CredentialException invalid(String message) {
    return new CredentialException(FailureReason.INVALID_REQUEST, message);
  }
}
