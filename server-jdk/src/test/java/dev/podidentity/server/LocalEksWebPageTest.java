package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.server.local.LocalEks;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A web page that a developer looks at changes nothing in a local EKS, and reads nothing. */
@TestInstance(Lifecycle.PER_CLASS)
class LocalEksWebPageTest {
  private static final String ASSOCIATIONS = "/clusters/my-cluster/pod-identity-associations";
  private static final String ASSOCIATION =
      "{\"namespace\":\"default\",\"serviceAccount\":\"my-app\","
          + "\"roleArn\":\"arn:aws:iam::111122223333:role/evil\"}";

  private LocalEks eks;

  @BeforeAll
  void start() throws IOException {
    eks = LocalEks.builder().hostName("eks.test").start();
  }

  @AfterAll
  void stop() {
    eks.close();
  }

  private RawHttp.Response post(String path, String body, String... headers) throws IOException {
    String end = String.join("\r\n", headers) + "\r\n\r\n" + body;
    try (var connection =
        RawHttp.connect(
            new InetSocketAddress(eks.endpoint().getHost(), eks.endpoint().getPort()))) {
      return connection.send(
          "POST " + path + " HTTP/1.1",
          "Host: localhost:" + eks.endpoint().getPort(),
          "Content-Type: text/plain",
          "Content-Length: " + (body.length() + 4),
          end);
    }
  }

  // The body is followed by the end of the lines: JSON may end in white space.
  private RawHttp.Response create(String... headers) throws IOException {
    return post(ASSOCIATIONS, ASSOCIATION, headers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: null",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void refusesToCreateAnAssociation(String header) throws IOException {
    assertThat(create(header).status()).isEqualTo(403);
    assertThat(eks.cluster().associations().all().toList()).isEmpty();
  }

  @Test
  void refusesToIssueAToken() throws IOException {
    var answer =
        post(
            "/api/v1/namespaces/default/serviceaccounts/my-app/token",
            "{}",
            "Origin: https://evil.example",
            "Sec-Fetch-Site: cross-site");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("web page").doesNotContain("\"token\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sec-Fetch-Site: none", "Sec-Fetch-Site: same-origin", "X-Any: thing"})
  void answersItsDeveloper(String header) throws IOException {
    var answer = post("/api/v1/namespaces/default/serviceaccounts/my-app/token", "{}", header);

    assertThat(answer.status()).isEqualTo(201);
  }

  @Test
  void answersByANameThatItWasGiven() throws IOException {
    var answer =
        RawHttp.exchange(
            new InetSocketAddress(eks.endpoint().getHost(), eks.endpoint().getPort()),
            "POST /api/v1/namespaces/default/serviceaccounts/my-app/token HTTP/1.1",
            "Host: eks.test:4000",
            "Content-Length: 0");

    assertThat(answer.status()).isEqualTo(201);
  }
}
