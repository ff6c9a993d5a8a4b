package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("every-jdk")
class ChangingAddressesTest {
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private final ChangingNetwork network = new ChangingNetwork();
  private final HandCrankedScheduler scheduler = new HandCrankedScheduler();

  @Test
  void givesUpAnAddressThatVanishes() throws IOException {
    try (var server = start(0, "127.0.0.1", "127.0.0.2")) {
      InetSocketAddress vanishing = server.addresses().get(1);
      network.remove("127.0.0.2");
      scheduler.turn();

      assertThat(server.addresses()).hasSize(1).doesNotContain(vanishing);
      assertThat(server.unavailable())
          .singleElement()
          .satisfies(
              failure -> {
                assertThat(failure.cause()).isEqualTo(BindFailure.Cause.ADDRESS_ABSENT);
                assertThat(failure.port()).isEqualTo(vanishing.getPort());
              });
      assertThatThrownBy(() -> get(vanishing)).isInstanceOf(ConnectException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40})
  void looksAgainAfterASchedulerThatTookNoTask(int times) throws IOException {
    try (var server = start(0, "127.0.0.1", "127.0.0.2")) {
      scheduler.failNext(times);
      scheduler.turn();
      network.remove("127.0.0.2");
      for (int i = 0; i < times; i++) {
        assertThat(scheduler.waiting()).isZero();
        assertThat(server.unavailable()).isEmpty();
      }
      scheduler.turn();

      assertThat(server.unavailable()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 40})
  void looksAgainAfterALookThatFailed(int times) throws IOException {
    try (var server = start(0, "127.0.0.1", "127.0.0.2")) {
      network.remove("127.0.0.2");
      network.failNext(times);
      for (int i = 0; i < times; i++) {
        scheduler.turn();
        assertThat(server.unavailable()).isEmpty();
      }
      scheduler.turn();

      assertThat(server.unavailable()).hasSize(1);
    }
  }

  @Test
  void servesTheOthersAllTheWhileOnTheConnectionsThatTheyHave() throws IOException {
    try (var server = start(0, "127.0.0.1", "127.0.0.2");
        var connection = RawHttp.connect(server.addresses().get(0))) {
      String[] request = {"GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1"};
      assertThat(connection.send(request).status()).isEqualTo(400);
      network.remove("127.0.0.2");
      scheduler.turn();
      assertThat(connection.send(request).status()).isEqualTo(400);
      network.restore("127.0.0.2");
      scheduler.turn();

      assertThat(connection.send(request).status()).isEqualTo(400);
    }
  }

  @Test
  void listensAgainOnTheSamePortWhenTheAddressReturns() throws IOException {
    try (var server = start(0, "127.0.0.1", "127.0.0.2")) {
      List<InetSocketAddress> before = server.addresses();
      for (int times = 0; times < 3; times++) {
        network.remove("127.0.0.2");
        scheduler.turn();
        network.restore("127.0.0.2");
        scheduler.turn();
      }

      assertThat(server.addresses()).isEqualTo(before);
      assertThat(server.unavailable()).isEmpty();
      assertThat(get(before.get(1))).isEqualTo(404);
    }
  }

  @Test
  void doesWithoutAnyAddressUntilOneReturns() throws IOException {
    try (var server = start(0, "127.0.0.1")) {
      network.remove("127.0.0.1");
      scheduler.turn();
      assertThat(server.addresses()).isEmpty();
      network.restore("127.0.0.1");
      scheduler.turn();

      assertThat(get(server.addresses().get(0))).isEqualTo(404);
    }
  }

  @Test
  void takesAnOptionalAddressThatAppearsLater() throws IOException {
    PodIdentityServer server;
    int port;
    try (var taken = TakenPort.at("127.0.0.2")) {
      port = taken.getLocalPort();
      server = start(port, "127.0.0.1", "127.0.0.2?");
      scheduler.turn();
      assertThat(server.addresses()).hasSize(1);
    }
    try (server) {
      scheduler.turn();

      assertThat(server.unavailable()).isEmpty();
      assertThat(get(new InetSocketAddress("127.0.0.2", port))).isEqualTo(404);
    }
  }

  @Test
  void usesUpNoFilesWhereItTriesInVain() throws IOException {
    assumeTrue(Files.isDirectory(OPEN_FILES), "there is no " + OPEN_FILES);
    try (var taken = TakenPort.at("127.0.0.2");
        var server = start(taken.getLocalPort(), "127.0.0.1", "127.0.0.2?")) {
      scheduler.turn();
      long before = openFiles();
      for (int times = 0; times < 200; times++) {
        scheduler.turn();
      }

      assertThat(server.unavailable()).hasSize(1);
      assertThat(openFiles()).isLessThan(before + 100);
    }
  }

  @Test
  void looksAgainAfterALookThatFailed() throws IOException {
    try (var server = start(0, "127.0.0.1", "127.0.0.2")) {
      network.setBroken(true);
      scheduler.turn();
      network.setBroken(false);
      network.remove("127.0.0.2");
      scheduler.turn();

      assertThat(server.addresses()).hasSize(1);
    }
  }

  @Test
  void looksNoMoreOnceItIsClosed() throws IOException {
    start(0, "127.0.0.1").close();

    assertThat(scheduler.waiting()).isZero();
  }

  private static long openFiles() throws IOException {
    try (var files = Files.list(OPEN_FILES)) {
      return files.count();
    }
  }

  private static int get(InetSocketAddress address) throws IOException {
    return RawHttp.exchange(address, "GET / HTTP/1.1", "Host: 127.0.0.1").status();
  }

  private PodIdentityServer start(int port, String... hosts) throws ListenException {
    var agent =
        PodIdentityAgent.builder()
            .bindingRules(BindingRules.parse(List.of(hosts)))
            .source(
                token -> {
                  throw new CredentialException(FailureReason.RESOURCE_NOT_FOUND, "for a test");
                })
            .build();
    return PodIdentityServer.builder(agent)
        .port(port)
        .network(network)
        .scheduler(scheduler)
        .start();
  }
}
