package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.server.local.LocalEks;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A web page whose name leads to this machine gets no token of the local cluster (DNS rebinding).
 */
@TestInstance(Lifecycle.PER_CLASS)
@Tag("every-jdk")
class LocalEksHostTest {
  private LocalEks eks;

  @BeforeAll
  void start() throws IOException {
    eks = LocalEks.start();
  }

  @AfterAll
  void stop() {
    eks.close();
  }

  private RawHttp.Response tokenFor(String host) throws IOException {
    return RawHttp.exchange(
        new InetSocketAddress(eks.endpoint().getHost(), eks.endpoint().getPort()),
        "POST /api/v1/namespaces/default/serviceaccounts/my-app/token HTTP/1.1",
        "Host: " + host,
        "Content-Length: 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example", ""})
  void refusesWhoNamesAnotherHost(String host) throws IOException {
    var answer = tokenFor(host);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.body()).contains("localhost").doesNotContain("\"token\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.1:4000", "localhost", "LOCALHOST:4000", "[::1]:1"})
  void answersWhoNamesThisMachine(String host) throws IOException {
    assertThat(tokenFor(host).status()).isEqualTo(201);
  }
}
