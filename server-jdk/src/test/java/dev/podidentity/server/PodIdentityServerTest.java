package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsServer;
import com.sun.net.httpserver.spi.HttpServerProvider;
import dev.podidentity.PodIdentityAgent;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.binding.IpLiteral;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-jdk")
class PodIdentityServerTest {
  /** The common pool may have one thread only, and these wait for each other. */
  private static final Executor A_THREAD_EACH = task -> new Thread(task).start();

  @Test
  void startsNothingWhenARequiredAddressIsTaken() throws IOException {
    try (var taken = TakenPort.at("127.0.0.2")) {
      var builder = server(taken.getLocalPort(), "127.0.0.1", "127.0.0.2");

      assertThatThrownBy(builder::start)
          .isInstanceOf(ListenException.class)
          .hasMessageContaining("127.0.0.2 port " + taken.getLocalPort())
          .hasMessageContaining("another process listens there")
          .hasMessageContaining("--port");
      assertThatItIsFree("127.0.0.1", taken.getLocalPort());
    }
  }

  @Test
  void startsWithoutAnOptionalAddressAndSaysWhy() throws IOException {
    try (var taken = TakenPort.at("127.0.0.2");
        var server = server(taken.getLocalPort(), "127.0.0.1", "127.0.0.2?").start()) {
      assertThat(server.addresses()).containsExactly(at("127.0.0.1", taken.getLocalPort()));
      assertThat(server.unavailable())
          .singleElement()
          .extracting(BindFailure::cause)
          .isEqualTo(BindFailure.Cause.PORT_TAKEN);
    }
  }

  @Test
  void startsWithoutAnAutomaticAddressThatTheNodeDoesNotHave() throws IOException {
    try (var server = server(0, "127.0.0.1", "169.254.170.23?auto").start()) {
      assertThat(server.unavailable())
          .singleElement()
          .extracting(BindFailure::cause)
          .isEqualTo(BindFailure.Cause.ADDRESS_ABSENT);
    }
  }

  @Test
  void doesNotStartWhenAnAutomaticAddressIsThereAndTaken() throws IOException {
    try (var taken = TakenPort.at("127.0.0.2")) {
      var builder = server(taken.getLocalPort(), "127.0.0.1", "127.0.0.2?auto");

      assertThatThrownBy(builder::start).isInstanceOf(ListenException.class);
    }
  }

  @Test
  void doesNotStartWithoutAnyAddress() {
    assertThatThrownBy(() -> server(0, "169.254.170.23?").start())
        .isInstanceOf(ListenException.class)
        .hasMessageContaining("no network interface of this node has the address")
        .hasMessageContaining("initialize");
  }

  @Test
  void takesItsServersFromTheProviderThatItIsGiven() throws IOException {
    var addresses = new ArrayList<InetSocketAddress>();
    var provider =
        new HttpServerProvider() {
          @Override
          public HttpServer createHttpServer(InetSocketAddress address, int backlog)
              throws IOException {
            addresses.add(address);
            return HttpServerProvider.provider().createHttpServer(address, backlog);
          }

          @Override
          public HttpsServer createHttpsServer(InetSocketAddress address, int backlog) {
            throw new AssertionError("nothing here is served over TLS");
          }
        };

    try (var server = server(0, "127.0.0.1", "127.0.0.2").provider(provider).start()) {
      assertThat(server.addresses()).hasSize(2);
    }
    assertThat(addresses).containsExactly(at("127.0.0.1", 0), at("127.0.0.2", 0));
  }

  @Test
  void leavesItsAddressToASuccessorAndFinishesWhatWasAskedBeforeItCloses() throws Exception {
    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    try (var agent =
        AgentFixture.over(
            token -> {
              asked.countDown();
              await(answer);
              throw new CredentialException(FailureReason.THROTTLED, "for a test");
            })) {
      String token = "Authorization: " + agent.token();
      var response =
          CompletableFuture.supplyAsync(() -> get(agent, "Host: 127.0.0.1", token), A_THREAD_EACH);
      asked.await();
      var closed = CompletableFuture.runAsync(agent::close, A_THREAD_EACH);
      while (accepts(agent.ipv4())) {
        Thread.onSpinWait();
      }
      try (var successor = server(agent.ipv4().getPort(), "127.0.0.1").start()) {
        var asksTheSuccessor = RawHttp.exchange(agent.ipv4(), "GET / HTTP/1.1", "Host: 127.0.0.1");
        assertThat(successor.addresses()).containsExactly(agent.ipv4());
        assertThat(asksTheSuccessor.status()).isEqualTo(404);
      }
      answer.countDown();

      assertThat(response.get().body()).contains("ThrottlingException");
      closed.get();
    }
  }

  @Test
  void saysThatItIsStoppingOnConnectionsThatAreThere() throws Exception {
    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    try (var agent =
            AgentFixture.over(
                token -> {
                  asked.countDown();
                  await(answer);
                  throw new CredentialException(FailureReason.THROTTLED, "for a test");
                });
        var kept = RawHttp.connect(agent.ipv4())) {
      String[] request = {"GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1"};
      assertThat(kept.send(request).status()).isEqualTo(400);
      String token = "Authorization: " + agent.token();
      var response =
          CompletableFuture.supplyAsync(() -> get(agent, "Host: 127.0.0.1", token), A_THREAD_EACH);
      asked.await();
      var closed = CompletableFuture.runAsync(agent::close, A_THREAD_EACH);
      while (accepts(agent.ipv4())) {
        Thread.onSpinWait();
      }

      var stopping = kept.send(request);
      answer.countDown();
      assertThat(stopping.status()).isEqualTo(503);
      assertThat(stopping.headers()).containsEntry("connection", "close");
      assertThat(response.get().body()).contains("ThrottlingException");
      closed.get();
    }
  }

  private static boolean accepts(InetSocketAddress address) {
    try (var socket = new Socket(address.getAddress(), address.getPort())) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void givesTheAddressBackWhenClosed() throws IOException {
    var agent = AgentFixture.withLocalCredentials();
    agent.close();

    assertThatItIsFree("127.0.0.1", agent.ipv4().getPort());
  }

  private static RawHttp.Response get(AgentFixture agent, String... headers) {
    try {
      return agent.get(headers);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertThatItIsFree(String address, int port) throws IOException {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(at(address, port));
    }
  }

  private static InetSocketAddress at(String address, int port) {
    return new InetSocketAddress(IpLiteral.parse(address).orElseThrow(), port);
  }

  private static PodIdentityServer.Builder server(int port, String... hosts) {
    var agent =
        PodIdentityAgent.builder()
            .bindingRules(BindingRules.parse(List.of(hosts)))
            .source(
                token -> {
                  throw new CredentialException(FailureReason.RESOURCE_NOT_FOUND, "for a test");
                })
            .build();
    return PodIdentityServer.builder(agent).port(port).drainTimeout(Duration.ZERO);
  }
}
