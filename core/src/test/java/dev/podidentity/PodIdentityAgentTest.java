package dev.podidentity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.association.RoleArn;
import dev.podidentity.credential.AcceptedToken;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialCache;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodIdentityAgentTest {
  private static final ServiceAccountRef SERVICE_ACCOUNT = new ServiceAccountRef("default", "sa");

  private final MovableClock clock = MovableClock.startingAt(Instant.parse("2026-01-01T00:00:00Z"));
  private final LocalCluster cluster = LocalCluster.builder().clock(clock).build();
  private final String token = cluster.projectedToken(cluster.startPod(SERVICE_ACCOUNT, "pod"));
  private final List<String> events = new ArrayList<>();
  private final List<Refusal> refusals = new ArrayList<>();

  @Test
  void answersWhatTheSourceGives() {
    cluster
        .associations()
        .create(SERVICE_ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/r"));

    var credentials = agent(cluster.credentials()).credentials(request("169.254.170.23", token));

    assertThat(credentials.accountId()).isEqualTo("111122223333");
    assertThat(events).containsExactly("answered default/sa " + credentials.accessKeyId());
  }

  @Test
  void asksNoSourceForAHostThatIsNotBound() {
    var failure = failure(agent(never()), request("evil.example", token));

    assertThat(failure.reason()).isEqualTo(FailureReason.HOST_NOT_ALLOWED);
    assertThat(failure)
        .hasMessageContaining("'evil.example'")
        .hasMessageContaining("169.254.170.23 and [fd00:ec2::23]")
        .hasMessageContaining("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    assertThat(events).containsExactly("refused HOST_NOT_ALLOWED");
  }

  @Test
  void doesNotRepeatAHostThatIsNoHost() {
    assertThat(failure(agent(never()), request("a\nb", token)).getMessage()).doesNotContain("a\nb");
  }

  @Test
  void looksAtTheHostBeforeTheToken() {
    assertThat(failure(agent(never()), request("evil.example", "garbage")).reason())
        .isEqualTo(FailureReason.HOST_NOT_ALLOWED);
  }

  @Test
  void asksNoSourceWithoutAToken() {
    assertThat(failure(agent(never()), request("169.254.170.23", "")).reason())
        .isEqualTo(FailureReason.MISSING_TOKEN);
  }

  @Test
  void asksNoSourceWithAnExpiredToken() {
    clock.advance(Duration.ofHours(24).plusMinutes(1));

    assertThat(failure(agent(never()), request("169.254.170.23", token)).reason())
        .isEqualTo(FailureReason.EXPIRED_TOKEN);
  }

  @Test
  void allowsForAMinuteOfSkew() {
    clock.advance(Duration.ofHours(24).plusSeconds(59));

    assertThat(failure(agent(cluster.credentials()), request("169.254.170.23", token)))
        .describedAs("the source was asked and refused")
        .hasMessageContaining("expired at 2026-01-02T00:00:00Z");
    assertThat(failure(agent(missing()), request("169.254.170.23", token)).reason())
        .isEqualTo(FailureReason.RESOURCE_NOT_FOUND);
  }

  @Test
  void tellsACacheWhereARequestCameFrom() {
    var clients = new ArrayList<ClientKey>();
    var cache =
        new Knowing("another token") {
          @Override
          public Issuance fetch(ServiceAccountToken token, ClientKey client) {
            clients.add(client);
            throw new CredentialException(FailureReason.RESOURCE_NOT_FOUND, "no association");
          }
        };
    CredentialRequest request = request("169.254.170.23", token);

    var unused = failure(agent(cache), request);

    assertThat(clients).containsExactly(ClientKey.at(request.client()));
  }

  @Test
  void hidesWhatNobodyForesaw() {
    CredentialSource broken =
        unused -> {
          throw new IllegalStateException("secret detail");
        };

    var failure = failure(agent(broken), request("169.254.170.23", token));

    assertThat(failure.reason()).isEqualTo(FailureReason.UNEXPECTED);
    assertThat(failure).hasMessageNotContaining("secret detail");
  }

  @Test
  void isNotBrokenByItsListener() {
    var agent =
        PodIdentityAgent.builder()
            .source(missing())
            .clock(clock)
            .listener(
                new AgentListener() {
                  @Override
                  public void refused(Refusal refusal) {
                    throw new IllegalStateException("listener");
                  }
                })
            .build();

    assertThat(failure(agent, request("169.254.170.23", token)).reason())
        .isEqualTo(FailureReason.RESOURCE_NOT_FOUND);
  }

  @Test
  void tellsWhatARefusedTokenClaimsAndThatNobodyAcceptedIt() {
    failure(agent(missing()), request("169.254.170.23", token));

    assertThat(refusals.get(0).token())
        .hasValueSatisfying(
            claims -> assertThat(claims.serviceAccount()).isEqualTo(SERVICE_ACCOUNT));
    assertThat(refusals.get(0).accepted()).isFalse();
    assertThat(refusals.toString()).doesNotContain(token);
  }

  @Test
  void tellsWhoseTokenWasRefusedWhereItWasAcceptedBefore() {
    var revoked =
        new Knowing(token) {
          @Override
          public TemporaryCredentials fetch(ServiceAccountToken token) {
            throw new CredentialException(FailureReason.ACCESS_DENIED, "for a test");
          }
        };

    failure(agent(revoked), request("169.254.170.23", token));

    assertThat(refusals.get(0).accepted()).isTrue();
  }

  @Test
  void readsNoTokenAgainThatItsSourceKnows() {
    PodIdentityAgent agent = agent(new Knowing("known"));

    agent.credentials(request("169.254.170.23", "known"));

    assertThat(events).containsExactly("answered " + SERVICE_ACCOUNT + " ASIAEXAMPLE");
    assertThat(failure(agent, request("169.254.170.23", "known?")).reason())
        .isEqualTo(FailureReason.INVALID_TOKEN);
  }

  @Test
  void holdsATokenThatItsSourceKnowsAgainstHostAndClockAllTheSame() {
    PodIdentityAgent agent = agent(new Knowing("known"));

    assertThat(failure(agent, request("evil.example", "known")).reason())
        .isEqualTo(FailureReason.HOST_NOT_ALLOWED);
    clock.advance(Duration.ofHours(25));
    assertThat(failure(agent, request("169.254.170.23", "known")).reason())
        .isEqualTo(FailureReason.EXPIRED_TOKEN);
  }

  /** Has accepted the test's token, by a text that cannot be read. */
  private class Knowing implements CredentialCache {
    private final String text;

    Knowing(String text) {
      this.text = text;
    }

    @Override
    public TemporaryCredentials fetch(ServiceAccountToken token) {
      return TemporaryCredentials.builder()
          .accessKeyId("ASIAEXAMPLE")
          .secretAccessKey("secret")
          .sessionToken("session")
          .accountId("111122223333")
          .expiration(clock.instant().plus(Duration.ofHours(6)))
          .build();
    }

    @Override
    public Issuance fetch(ServiceAccountToken token, ClientKey client) {
      return Issuance.fresh(fetch(token));
    }

    @Override
    public Optional<AcceptedToken> accepted(String asked) {
      return asked.equals(text) ? Optional.of(acceptedToken()) : Optional.empty();
    }

    private AcceptedToken acceptedToken() {
      var known = ServiceAccountToken.parse(token);
      return new AcceptedToken() {
        @Override
        public ServiceAccountToken token() {
          return known;
        }

        @Override
        public ClientKey client() {
          return ClientKey.of(known);
        }

        @Override
        public Optional<TemporaryCredentials> credentials() {
          return Optional.empty();
        }
      };
    }
  }

  @Test
  void tellsNothingOfAClaimantWhereTheTokenIsUnreadable() {
    failure(agent(never()), request("169.254.170.23", "garbage"));

    assertThat(refusals.get(0).token()).isEmpty();
    assertThat(refusals.get(0).accepted()).isFalse();
  }

  @Test
  void tellsEachListenerWhateverAnotherOneDoes() {
    AgentListener broken =
        new AgentListener() {
          @Override
          public void refused(Refusal refusal) {
            throw new IllegalStateException("listener");
          }
        };
    var agent =
        PodIdentityAgent.builder()
            .source(missing())
            .clock(clock)
            .listener(AgentListener.all(broken, new Events()))
            .build();

    failure(agent, request("169.254.170.23", token));

    assertThat(events).containsExactly("refused RESOURCE_NOT_FOUND");
  }

  private PodIdentityAgent agent(CredentialSource source) {
    return PodIdentityAgent.builder().source(source).clock(clock).listener(new Events()).build();
  }

  private static CredentialSource never() {
    return token -> {
      throw new AssertionError("the source was asked");
    };
  }

  private static CredentialSource missing() {
    return token -> {
      throw new CredentialException(FailureReason.RESOURCE_NOT_FOUND, "for a test");
    };
  }

  private static CredentialException failure(PodIdentityAgent agent, CredentialRequest request) {
    return catchThrowableOfType(CredentialException.class, () -> agent.credentials(request));
  }

  private static CredentialRequest request(String host, String token) {
    return new CredentialRequest(host, token, InetAddress.getLoopbackAddress());
  }

  private final class Events implements AgentListener {
    @Override
    public void answered(
        CredentialRequest request, ServiceAccountToken token, Issuance issuance, Duration took) {
      events.add("answered " + token.serviceAccount() + " " + issuance.credentials().accessKeyId());
    }

    @Override
    public void refused(Refusal refusal) {
      events.add("refused " + refusal.failure().reason());
      refusals.add(refusal);
    }
  }
}
