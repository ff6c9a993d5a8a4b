package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.net.httpserver.spi.HttpServerProvider;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests of which two readers could disagree where they end. Whatever the server makes of them,
 * what is hidden in them gets no credentials, and others get theirs.
 */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("every-jdk")
class RequestSmugglingTest {
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3})");
  private static final String GET = "GET /v1/credentials HTTP/1.1\r\n";

  private final AtomicInteger fetches = new AtomicInteger();
  private AgentFixture agent;
  private String hidden;
  private String token;

  /** Who makes the servers; the JDK's own if null. */
  @Nullable HttpServerProvider provider() {
    return null;
  }

  /** How many answers there may be to a request with these headers and what is behind it. */
  int mostAnswers(String headers) {
    return 1;
  }

  @BeforeAll
  void start() throws IOException {
    agent =
        AgentFixture.of(
            cluster ->
                token -> {
                  fetches.incrementAndGet();
                  return cluster.credentials().fetch(token);
                },
            provider());
    token = agent.token();
    hidden = GET + "Host: 127.0.0.1\r\nAuthorization: " + token + "\r\n\r\n";
  }

  @AfterAll
  void stop() {
    agent.close();
  }

  @AfterEach
  void stillAnswersOthers() throws IOException {
    assertThat(agent.get("Host: 127.0.0.1", "Authorization: " + token).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 5, 6",
        "Content-Length: +5",
        "Content-Length: -5",
        "Content-Length: 0x5",
        "Content-Length: 99999999999999999999",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding : chunked",
        "Content-Length\0: 5",
        "X\0Y: 1",
        "No colon in this line",
        ": no name"
      })
  void answersNothingBehindAnAmbiguousRequest(String headers) throws IOException {
    int before = fetches.get();

    String answers =
        answersTo(GET + "Host: 127.0.0.1\r\n" + headers + "\r\n\r\n0\r\n\r\n" + hidden);

    assertThat(fetches).hasValue(before);
    assertThat(STATUS.matcher(answers).results()).hasSizeLessThanOrEqualTo(mostAnswers(headers));
    assertThat(answers).doesNotContain("SecretAccessKey").doesNotContain(token);
  }

  @Test
  void readsNoRequestInTheBodyOfAnother() throws IOException {
    int before = fetches.get();

    String answers =
        answersTo(
            "POST /v1/credentials HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: "
                + hidden.length()
                + "\r\n\r\n"
                + hidden);

    assertThat(fetches).hasValue(before);
    assertThat(answers).startsWith("HTTP/1.1 405").doesNotContain("SecretAccessKey");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Bare LF as the end of a line, obs-fold (RFC 9112, section 5.2), NUL in a value.
        "Host: 127.0.0.1\nAuthorization: %s\n",
        "Host: 127.0.0.1\r\nAuthorization:\r\n %s\r\n",
        "Host: 127.0.0.1\r\nAuthorization: %s\r\n and more\r\n",
        "Host: 127.0.0.1\r\nX: a\0b\r\nAuthorization: \0%s\r\n",
        "Host: 127.0.0.1\r\nHost: evil.example\r\nAuthorization: %s\r\n",
        "Host: 127.0.0.1\r\n Host: evil.example\r\nAuthorization: %s\r\n"
      })
  void answersAnOddlyWrittenRequestOnceOrNotAtAll(String headers) throws IOException {
    String answers = answersTo(GET + headers.formatted(token) + "\r\n");

    assertThat(STATUS.matcher(answers).results()).hasSizeLessThanOrEqualTo(1);
    assertThat(answers).doesNotContain(token).doesNotContain("500");
  }

  /** Whether the server takes a space off the version before the agent sees it. */
  boolean takesSpacesOffVersions() {
    return false;
  }

  /** What follows a bare LF would be part of the version, and a header there would be hidden. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1\nX-Forwarded-For: 10.0.0.1",
        "HTTP/1.1\nVia: 1.1 evil.example",
        "HTTP/1.1\nHost: evil.example",
        "HTTP/1.1\n",
        "HTTP/1.1 ",
        "http/1.1",
        "HTTP/1.10"
      })
  void refusesAnotherVersionThanItsOwn(String version) throws IOException {
    assumeFalse(
        takesSpacesOffVersions() && version.endsWith(" "),
        "this server takes the space off itself");
    int before = fetches.get();

    String answers =
        answersTo(
            "GET /v1/credentials "
                + version
                + "\r\nHost: 127.0.0.1\r\nAuthorization: "
                + token
                + "\r\n\r\n");

    assertThat(fetches).hasValue(before);
    assertThat(answers).startsWith("HTTP/1.1 400").doesNotContain("SecretAccessKey");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONNECT 127.0.0.1:80 HTTP/1.1",
        "GET HTTP/1.1",
        "GET  /v1/credentials  HTTP/1.1",
        "GET /v1/credentials",
        "GET /v1/credentials HTTP/9.9",
        "\0\0\0 \0 \0",
        "GET /v1/credentials\tHTTP/1.1",
        "PRI * HTTP/2.0",
        "GET * HTTP/1.1",
        "GET http:// HTTP/1.1",
        "GET \\v1\\credentials HTTP/1.1"
      })
  void survivesRequestLinesThatAreNone(String line) throws IOException {
    String answers = answersTo(line + "\r\nHost: 127.0.0.1\r\n\r\n");

    assertThat(STATUS.matcher(answers).results())
        .allMatch(status -> status.group(1).startsWith("4") || status.group(1).equals("501"));
    assertThat(answers).doesNotContain("SecretAccessKey").doesNotContain("xception:");
  }

  private String answersTo(String request) throws IOException {
    try (var connection = RawHttp.connect(agent.ipv4())) {
      String answers = connection.sendAndDrain(request);
      System.out.println(answers.contains("SecretAccessKey") ? "credentials" : answers);
      return answers;
    }
  }
}
