package dev.podidentity.server.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.server.ChangingNetwork;
import dev.podidentity.server.HandCrankedScheduler;
import dev.podidentity.server.PodIdentityServer;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-jdk")
class AddressReadinessTest {
  private final ChangingNetwork network = new ChangingNetwork();
  private final HandCrankedScheduler scheduler = new HandCrankedScheduler();

  @Test
  void isReadyWhereEachAddressIsServed() throws IOException {
    try (var server = start("127.0.0.1", "127.0.0.2")) {
      assertThat(AddressReadiness.of(server).check().isOk()).isTrue();
    }
  }

  @Test
  void isNotReadyWhileARequiredAddressIsGone() throws IOException {
    try (var server = start("127.0.0.1", "127.0.0.2")) {
      AddressReadiness readiness = AddressReadiness.of(server);
      network.remove("127.0.0.2");
      scheduler.turn();

      CheckResult gone = readiness.check();
      assertThat(gone.isOk()).isFalse();
      assertThat(gone.reason())
          .contains("Cannot listen on 127.0.0.2")
          .contains("no network interface of this node has the address");

      network.restore("127.0.0.2");
      scheduler.turn();
      assertThat(readiness.check().isOk()).isTrue();
    }
  }

  @Test
  void isReadyWithoutAnOptionalAddressAndNamesIt() throws IOException {
    try (var server = start("127.0.0.1", "127.0.0.2?")) {
      network.remove("127.0.0.2");
      scheduler.turn();

      CheckResult result = AddressReadiness.of(server).check();
      assertThat(result.isOk()).isTrue();
      assertThat(result.reason()).contains("Cannot listen on 127.0.0.2");
    }
  }

  @Test
  void isNotReadyWithoutAnyAddress() throws IOException {
    try (var server = start("127.0.0.1?")) {
      network.remove("127.0.0.1");
      scheduler.turn();

      assertThat(AddressReadiness.of(server).check().isOk()).isFalse();
    }
  }

  private PodIdentityServer start(String... hosts) throws IOException {
    var agent =
        PodIdentityAgent.builder()
            .bindingRules(BindingRules.parse(List.of(hosts)))
            .source(
                token -> {
                  throw new CredentialException(FailureReason.RESOURCE_NOT_FOUND, "for a test");
                })
            .build();
    return PodIdentityServer.builder(agent).port(0).network(network).scheduler(scheduler).start();
  }
}
