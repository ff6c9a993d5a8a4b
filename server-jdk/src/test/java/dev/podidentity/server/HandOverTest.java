package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.RequestLimits;
import dev.podidentity.association.RoleArn;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One agent takes over from another one on the same addresses. */
@Tag("every-jdk")
class HandOverTest {
  private static final Executor A_THREAD_EACH = task -> new Thread(task).start();
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");
  private static final LocalCluster CLUSTER = cluster();

  private static LocalCluster cluster() {
    LocalCluster cluster = LocalCluster.builder().build();
    cluster.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/my-role"));
    return cluster;
  }

  private final String token =
      "Authorization: " + CLUSTER.projectedToken(CLUSTER.startPod(ACCOUNT, "checkout-1"));

  @Test
  void refusesNoRequestForIt() throws Exception {
    try (var server = serve("127.0.0.1")) {
      var done = new AtomicBoolean();
      var pods = new ArrayList<CompletableFuture<Integer>>();
      for (int i = 0; i < 4; i++) {
        pods.add(CompletableFuture.supplyAsync(() -> ask(server, done), A_THREAD_EACH));
      }

      for (int i = 0; i < 200; i++) {
        server.handOverTo(agent(CLUSTER.credentials(), "127.0.0.1"));
      }
      done.set(true);

      for (var pod : pods) {
        assertThat(pod.get(30, TimeUnit.SECONDS)).isPositive();
      }
    }
  }

  /** Asks on new connections and on a kept one until it is told to stop; counts the answers. */
  private int ask(PodIdentityServer server, AtomicBoolean done) {
    int answers = 0;
    InetSocketAddress address = server.addresses().get(0);
    try (var kept = RawHttp.connect(address)) {
      do {
        assertThat(get(address).status()).isEqualTo(200);
        assertThat(kept.send("GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1", token).status())
            .isEqualTo(200);
        answers++;
      } while (!done.get());
      return answers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void leavesWhatWasAskedBeforeToTheAgentBefore() throws Exception {
    var asked = new CountDownLatch(1);
    var answer = new CountDownLatch(1);
    CredentialSource slow =
        token -> {
          asked.countDown();
          await(answer);
          return CLUSTER.credentials().fetch(token);
        };
    var server = serve(slow, "127.0.0.1");
    try (server) {
      InetSocketAddress address = server.addresses().get(0);
      var before = CompletableFuture.supplyAsync(() -> status(address), A_THREAD_EACH);
      asked.await();
      var handedOver =
          CompletableFuture.runAsync(
              () -> handOver(server, agent(CLUSTER.credentials(), "127.0.0.1", "127.0.0.3")),
              A_THREAD_EACH);
      while (!handedOver.isDone() && get(address, "127.0.0.3").status() == 403) {
        // The one before refuses the Host that its successor has.
      }

      // Answered by the successor, or it would wait for the latch that opens behind it.
      assertThat(status(address)).isEqualTo(200);
      assertThat(handedOver).isNotDone();
      answer.countDown();

      assertThat(before.get(30, TimeUnit.SECONDS)).isEqualTo(200);
      assertThat(handedOver).succeedsWithin(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void takesAndGivesBackAddresses() throws Exception {
    try (var server = serve("127.0.0.1", "127.0.0.2")) {
      InetSocketAddress kept = server.addresses().get(0);
      InetSocketAddress givenBack = server.addresses().get(1);

      server.handOverTo(agent(CLUSTER.credentials(), "127.0.0.1", "127.0.0.3"));

      assertThat(server.addresses()).hasSize(2).contains(kept);
      assertThat(status(kept)).isEqualTo(200);
      assertThat(server.addresses())
          .allSatisfy(address -> assertThat(status(address)).isEqualTo(200));
      assertThatThrownBy(() -> get(givenBack)).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void changesNothingIfTheSuccessorLacksAnAddress() throws Exception {
    try (var taken = TakenPort.at("127.0.0.3");
        var server =
            PodIdentityServer.builder(agent(CLUSTER.credentials(), "127.0.0.1"))
                .port(
                    address ->
                        address.getHostAddress().equals("127.0.0.3") ? taken.getLocalPort() : 0)
                .start()) {
      List<InetSocketAddress> before = server.addresses();

      assertThatThrownBy(
              () -> server.handOverTo(agent(CLUSTER.credentials(), "127.0.0.2", "127.0.0.3")))
          .isInstanceOf(ListenException.class)
          .hasMessageContaining("127.0.0.3 port " + taken.getLocalPort());

      assertThat(server.addresses()).isEqualTo(before);
      assertThat(status(before.get(0))).isEqualTo(200);
    }
  }

  @Test
  void isRefusedOnceClosed() throws Exception {
    var server = serve("127.0.0.1");
    server.close();

    assertThatThrownBy(() -> server.handOverTo(agent(CLUSTER.credentials(), "127.0.0.1")))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void handOver(PodIdentityServer server, PodIdentityAgent successor) {
    try {
      server.handOverTo(successor);
    } catch (ListenException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int status(InetSocketAddress address) {
    try {
      return get(address).status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RawHttp.Response get(InetSocketAddress address) throws IOException {
    return get(address, address.getAddress().getHostAddress());
  }

  private RawHttp.Response get(InetSocketAddress address, String host) throws IOException {
    return RawHttp.exchange(address, "GET /v1/credentials HTTP/1.1", "Host: " + host, token);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static PodIdentityServer serve(String... hosts) throws ListenException {
    return serve(CLUSTER.credentials(), hosts);
  }

  private static PodIdentityServer serve(CredentialSource source, String... hosts)
      throws ListenException {
    return PodIdentityServer.builder(agent(source, hosts)).port(0).start();
  }

  private static PodIdentityAgent agent(CredentialSource source, String... hosts) {
    return PodIdentityAgent.builder()
        .bindingRules(BindingRules.parse(List.of(hosts)))
        .source(source)
        .requestLimits(RequestLimits.none())
        .build();
  }
}
