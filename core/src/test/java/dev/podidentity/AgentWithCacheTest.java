package dev.podidentity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.cache.CacheSettings;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.token.JwksSettings;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent put together as the documentation says, with tokens of a local cluster. */
class AgentWithCacheTest {
  @Test
  void answersARotatedTokenWithTheSameCredentials(@TempDir Path directory) {
    Clock clock = Clock.systemUTC();
    LocalCluster cluster = LocalCluster.builder().build();
    TokenVerifier verifier =
        TokenVerifier.jwks(
            LocalCluster.DEFAULT_ISSUER,
            cluster::jwks,
            clock,
            PodIdentityAgent.DEFAULT_CLOCK_SKEW,
            JwksSettings.builder().file(directory.resolve("jwks.json")).build());
    try (CachingCredentialSource cache =
        CachingCredentialSource.builder(AgentWithCacheTest::answer)
            .settings(CacheSettings.builder().maxEntries(2000).build())
            .verifier(verifier)
            .build()) {
      PodIdentityAgent agent =
          PodIdentityAgent.builder().source(cache).requestLimits(RequestLimits.defaults()).build();
      var account = new ServiceAccountRef("default", "my-app");
      var pod = cluster.startPod(account, "my-pod");

      TemporaryCredentials first = agent.credentials(request(cluster.projectedToken(pod)));

      assertThat(agent.credentials(request(cluster.projectedToken(pod)))).isSameAs(first);
    }
  }

  private static TemporaryCredentials answer(ServiceAccountToken token) {
    return TemporaryCredentials.builder()
        .accessKeyId("key of " + token.serviceAccount())
        .secretAccessKey("secret")
        .sessionToken("session")
        .accountId("111122223333")
        .expiration(Clock.systemUTC().instant().plus(Duration.ofHours(6)))
        .build();
  }

  private static CredentialRequest request(String token) {
    return new CredentialRequest("169.254.170.23", token, InetAddress.getLoopbackAddress());
  }
}
