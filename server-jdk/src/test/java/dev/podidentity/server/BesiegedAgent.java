package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.RequestLimits;
import dev.podidentity.association.AssociationCredentialSource;
import dev.podidentity.association.AssociationStore;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.RoleCredentialIssuer;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.credential.cache.CacheSettings;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.token.JwksSettings;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.TokenVerifier;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An agent whose cache holds the credentials of one pod, the victim, and verifies tokens on the
 * node. Time stands still in it.
 */
final class BesiegedAgent implements AutoCloseable {
  /** The machine may be busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static final String VICTIM = "victim";

  private final Clock clock =
      Clock.fixed(Instant.now().truncatedTo(ChronoUnit.SECONDS), ZoneOffset.UTC);
  final TokenForge forge = new TokenForge(clock.instant());
  final TokenVerifier verifier =
      TokenVerifier.jwks(TokenForge.ISSUER, forge::jwks, clock, Duration.ofMinutes(1));
  private final String genuine = forge.genuine(VICTIM);
  private final AtomicInteger senders = new AtomicInteger();
  private final CachingCredentialSource cache;
  final PodIdentityAgent agent;
  final PodIdentityServer server;
  private final TemporaryCredentials victims;

  BesiegedAgent() throws ListenException {
    var associations =
        AssociationStore.inMemory(ClusterArn.of("us-west-2", "111122223333", "my-cluster"));
    associations.create(
        new ServiceAccountRef("default", "my-app"),
        RoleArn.parse("arn:aws:iam::111122223333:role/my-role"));
    cache =
        CachingCredentialSource.builder(
                AssociationCredentialSource.of(
                    verifier,
                    associations,
                    RoleCredentialIssuer.synthetic(clock, Duration.ofHours(6))))
            .settings(CacheSettings.builder().waiterDeadline(PATIENCE).build())
            .clock(clock)
            .verifier(
                TokenVerifier.jwks(
                    TokenForge.ISSUER,
                    forge::jwks,
                    clock,
                    Duration.ofMinutes(1),
                    JwksSettings.defaults()))
            .build();
    agent =
        PodIdentityAgent.builder()
            .bindingRules(BindingRules.parse(List.of("127.0.0.1")))
            .source(cache)
            .requestLimits(RequestLimits.none())
            .clock(clock)
            .build();
    server = PodIdentityServer.builder(agent).port(0).start();
    victims = ask(genuine);
  }

  /** The answer to a token from an address that has sent none before. */
  TemporaryCredentials ask(String token) {
    return agent.credentials(new CredentialRequest("127.0.0.1", token, nextSender()));
  }

  InetAddress nextSender() {
    int number = senders.incrementAndGet();
    try {
      return InetAddress.getByAddress(new byte[] {127, 1, (byte) (number >> 8), (byte) number});
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  String victimsKeyId() {
    return victims.accessKeyId();
  }

  /** The victim's credentials are the only ones that are kept, and it still gets them. */
  void assertThatTheVictimIsUnharmed() {
    assertThat(ask(genuine)).isSameAs(victims);
    assertThat(cache.state().entries()).isEqualTo(1);
    assertThat(cache.state().fetches()).isZero();
  }

  @Override
  public void close() {
    server.close();
    cache.close();
  }
}
