package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.podidentity.association.RoleArn;
import dev.podidentity.imds.FakeMetadata;
import dev.podidentity.local.Fault;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.LocalPod;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The jar, an instance metadata service and an EKS Auth on loopback. */
class InstanceMetadataIT {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");
  private static final String KEY_ID = "ASIA0LOCAL0METADATA0";

  @TempDir private Path folder = Path.of("");

  private static LocalPod startPod(LocalEks eks) {
    eks.associations().create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/checkout"));
    return eks.cluster().startPod(ACCOUNT, "checkout-1");
  }

  private static AgentProcess start(LocalEks eks, FakeMetadata metadata, boolean verifying)
      throws Exception {
    var flags = new ArrayList<>(List.of("--endpoint", eks.endpoint().toString()));
    String endpoint = metadata.uri().toString();
    if (verifying) {
      flags.addAll(List.of("--instance-metadata", "on", "--instance-metadata-endpoint", endpoint));
      flags.addAll(List.of("--token-keys-url", eks.endpoint() + "/openid/v1/jwks"));
      flags.addAll(List.of("--token-issuer", eks.cluster().issuer()));
    }
    AgentProcess agent =
        AgentProcess.start(
            verifying ? Map.of() : Map.of("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint), flags);
    if (verifying) {
      agent.awaitLog("says which pods it has credentials for");
    }
    return agent;
  }

  @Test
  void givesAPodWhatTheServiceHasForIt() throws Exception {
    try (var eks = LocalEks.start();
        var metadata = FakeMetadata.start()) {
      LocalPod pod = startPod(eks);
      metadata.offer("iam-eks-1", pod.pod().uid(), KEY_ID, Instant.now().plusSeconds(3600));
      try (var agent = start(eks, metadata, true)) {
        String token = eks.cluster().projectedToken(pod);

        assertThat(agent.ask(folder, token).accessKeyId()).isEqualTo(KEY_ID);
        assertThat(eks.calls())
            .noneMatch(call -> call.operation().equals("AssumeRoleForPodIdentity"));
      }
    }
  }

  @Test
  void refusesWhatHasExpiredAndSaysWhyThereIsNothingElse() throws Exception {
    try (var eks = LocalEks.start();
        var metadata = FakeMetadata.start()) {
      LocalPod pod = startPod(eks);
      metadata.offer("iam-eks-1", pod.pod().uid(), KEY_ID, Instant.now().minusSeconds(60));
      eks.faults().switchOn(new Fault.Unavailable());
      try (var agent = start(eks, metadata, true)) {
        String token = eks.cluster().projectedToken(pod);

        assertThatThrownBy(() -> agent.ask(folder, token))
            .isInstanceOf(SdkClientException.class)
            .hasStackTraceContaining("Its credentials expired at ")
            .hasStackTraceContaining("EKS Auth: ServiceUnavailableException");
        eks.faults().clear();
        assertThat(agent.ask(folder, token).accessKeyId()).startsWith("ASIA0LOCAL0");
      }
    }
  }

  @Test
  void asksEksAuthForAPodThatTheServiceDoesNotHave() throws Exception {
    try (var eks = LocalEks.start();
        var metadata = FakeMetadata.start()) {
      LocalPod pod = startPod(eks);
      metadata.offer("iam-eks-1", "another-pod", KEY_ID, Instant.now().plusSeconds(3600));
      try (var agent = start(eks, metadata, true)) {
        String token = eks.cluster().projectedToken(pod);

        assertThat(agent.ask(folder, token).accessKeyId()).startsWith("ASIA0LOCAL0");
        assertThat(agent.ask(folder, token).accessKeyId()).isNotEqualTo(KEY_ID);
      }
    }
  }

  @Test
  void givesNobodyWhatAForgedTokenAsksFor() throws Exception {
    try (var eks = LocalEks.start();
        var metadata = FakeMetadata.start()) {
      LocalPod pod = startPod(eks);
      metadata.offer("iam-eks-1", pod.pod().uid(), KEY_ID, Instant.now().plusSeconds(3600));
      var forger = LocalCluster.builder().issuer(eks.cluster().issuer()).build();
      try (var agent = start(eks, metadata, true)) {
        assertThatThrownBy(() -> agent.ask(folder, forger.projectedToken(pod)))
            .isInstanceOf(SdkClientException.class);
        agent.awaitLog("InvalidTokenException");
        assertThat(metadata.requests()).noneMatch(request -> request.contains("security"));
      }
    }
  }

  @Test
  void isNotAskedWhereTokensAreNotVerified() throws Exception {
    try (var eks = LocalEks.start();
        var metadata = FakeMetadata.start()) {
      LocalPod pod = startPod(eks);
      metadata.offer("iam-eks-1", pod.pod().uid(), KEY_ID, Instant.now().plusSeconds(3600));
      try (var agent = start(eks, metadata, false)) {
        String token = eks.cluster().projectedToken(pod);

        assertThat(agent.ask(folder, token).accessKeyId()).isNotEqualTo(KEY_ID);
        assertThat(metadata.requests()).isEmpty();
      }
    }
  }
}
