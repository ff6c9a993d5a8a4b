package dev.podidentity.server.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.association.RoleArn;
import dev.podidentity.local.Fault;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.MovableClock;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eksauth.EksAuthClient;
import software.amazon.awssdk.services.eksauth.model.AccessDeniedException;
import software.amazon.awssdk.services.eksauth.model.EksAuthException;
import software.amazon.awssdk.services.eksauth.model.ExpiredTokenException;
import software.amazon.awssdk.services.eksauth.model.InternalServerException;
import software.amazon.awssdk.services.eksauth.model.InvalidParameterException;
import software.amazon.awssdk.services.eksauth.model.InvalidRequestException;
import software.amazon.awssdk.services.eksauth.model.InvalidTokenException;
import software.amazon.awssdk.services.eksauth.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eksauth.model.ServiceUnavailableException;
import software.amazon.awssdk.services.eksauth.model.ThrottlingException;

/** Each of EKS Auth's nine exceptions, by what causes it. */
class EksAuthClientTest {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("shop", "checkout");
  private static final RoleArn ROLE = RoleArn.parse("arn:aws:iam::111122223333:role/my-role");
  private static final LocalCluster CLUSTER =
      LocalCluster.builder().clock(MovableClock.over(Clock.systemUTC())).build();

  private final LocalEks local = startEks();
  private final EksAuthClient client = Clients.eksAuth(local.endpoint());

  private static LocalEks startEks() {
    try {
      return LocalEks.start(CLUSTER);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void associate() {
    CLUSTER.associations().create(ACCOUNT, ROLE);
  }

  @AfterEach
  void close() {
    CLUSTER.faults().clear();
    CLUSTER.roles().forget(ROLE);
    CLUSTER
        .associations()
        .find(ACCOUNT)
        .ifPresent(association -> CLUSTER.associations().delete(association.associationId()));
    client.close();
    local.close();
  }

  @Test
  void answersWithCredentials() {
    var answer = client.assumeRoleForPodIdentity(r -> r.clusterName(CLUSTER.name()).token(token()));

    assertThat(answer.subject().serviceAccount()).isEqualTo("checkout");
    assertThat(answer.credentials().accessKeyId()).startsWith("ASIA0LOCAL0");
    assertThat(answer.podIdentityAssociation().associationId())
        .isEqualTo(CLUSTER.associations().find(ACCOUNT).orElseThrow().associationId());
  }

  @Test
  void aRoleThatDoesNotTrustPodIdentityIsAccessDenied() {
    CLUSTER.roles().trustPolicy(ROLE, "{\"Statement\":[]}");

    fail(AccessDeniedException.class, CLUSTER.name(), token(), 400);
  }

  @Test
  void aTokenPastItsLifeIsAnExpiredToken() {
    String token = token();
    local.moveTime(Duration.ofHours(25));

    fail(ExpiredTokenException.class, CLUSTER.name(), token, 400);
  }

  @Test
  void aTokenOfAnotherClusterIsAnInvalidToken() {
    LocalCluster other = LocalCluster.builder().clock(CLUSTER.clock()).build();
    String token = other.projectedToken(other.startPod(ACCOUNT, "checkout-1"));

    fail(InvalidTokenException.class, CLUSTER.name(), token, 400);
  }

  @Test
  void aNameThatNoClusterCanHaveIsAnInvalidParameter() {
    fail(InvalidParameterException.class, "no cluster name", token(), 400);
  }

  @Test
  void aTokenThatIsBoundToNoPodIsAnInvalidRequest() {
    fail(InvalidRequestException.class, CLUSTER.name(), CLUSTER.unboundToken(ACCOUNT), 400);
  }

  @Test
  void aServiceAccountWithoutAnAssociationIsNotFound() {
    var stranger = new ServiceAccountRef("shop", "stranger");
    String token = CLUSTER.projectedToken(CLUSTER.startPod(stranger, "stranger-1"));

    fail(ResourceNotFoundException.class, CLUSTER.name(), token, 404);
    fail(ResourceNotFoundException.class, "other-cluster", token(), 404);
  }

  @Test
  void faultsAreThrottlingInternalServerAndServiceUnavailable() {
    CLUSTER.faults().switchOn(new Fault.Throttle());
    fail(ThrottlingException.class, CLUSTER.name(), token(), 429);
    CLUSTER.faults().clear();
    CLUSTER.faults().switchOn(new Fault.ServerError());
    fail(InternalServerException.class, CLUSTER.name(), token(), 500);
    CLUSTER.faults().clear();
    CLUSTER.faults().switchOn(new Fault.Unavailable());
    fail(ServiceUnavailableException.class, CLUSTER.name(), token(), 503);
  }

  private static String token() {
    return CLUSTER.projectedToken(CLUSTER.startPod(ACCOUNT, "checkout-1"));
  }

  private <E extends EksAuthException> void fail(
      Class<E> type, String cluster, String token, int status) {
    E failure =
        catchThrowableOfType(
            type, () -> client.assumeRoleForPodIdentity(r -> r.clusterName(cluster).token(token)));

    assertThat(failure).isExactlyInstanceOf(type);
    assertThat(failure.statusCode()).isEqualTo(status);
    assertThat(failure.getMessage()).doesNotContain(token);
  }
}
