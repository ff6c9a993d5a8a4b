package dev.podidentity.server.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.association.AssociationStore;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.local.Fault;
import dev.podidentity.local.LocalCluster;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.BadRequestException;
import software.amazon.awssdk.services.eks.model.EksException;
import software.amazon.awssdk.services.eks.model.InvalidParameterException;
import software.amazon.awssdk.services.eks.model.InvalidRequestException;
import software.amazon.awssdk.services.eks.model.NotFoundException;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociation;
import software.amazon.awssdk.services.eks.model.PodIdentityAssociationSummary;
import software.amazon.awssdk.services.eks.model.ResourceInUseException;
import software.amazon.awssdk.services.eks.model.ResourceLimitExceededException;
import software.amazon.awssdk.services.eks.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eks.model.ServerException;

class EksClientTest {
  private static final String CLUSTER = "my-cluster";
  private static final String ROLE = "arn:aws:iam::111122223333:role/my-role";
  private static final String OTHER = "arn:aws:iam::111122223333:role/other";
  private static final String TARGET = "arn:aws:iam::444455556666:role/target";
  private static final int THOUSAND = 1_000;

  private final LocalEks local = startEks();
  private final EksClient eks = Clients.eks(local.endpoint());

  private static LocalEks startEks() {
    try {
      var arn = ClusterArn.of("us-west-2", "111122223333", CLUSTER);
      return LocalEks.start(
          LocalCluster.builder()
              .associations(AssociationStore.builder(arn).maxAssociations(THOUSAND).inMemory())
              .build());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close() {
    eks.close();
    local.close();
  }

  @Test
  void createsAndDescribesEveryMember() {
    Instant before = Instant.now().minusMillis(1);

    var created =
        eks.createPodIdentityAssociation(
                r ->
                    r.clusterName(CLUSTER)
                        .namespace("shop")
                        .serviceAccount("checkout")
                        .roleArn(ROLE)
                        .targetRoleArn(TARGET)
                        .disableSessionTags(true)
                        .tags(Map.of("team", "shop / größe")))
            .association();

    assertThat(created.associationId()).matches("a-[a-z0-9]{17}");
    assertThat(created.associationArn())
        .startsWith("arn:aws:eks:us-west-2:111122223333:podidentityassociation/my-cluster/");
    assertThat(created.createdAt()).isBetween(before, Instant.now());
    assertThat(created.targetRoleArn()).isEqualTo(TARGET);
    assertThat(created.externalId()).isNotBlank();
    assertThat(created.disableSessionTags()).isTrue();
    assertThat(created.tags()).isEqualTo(Map.of("team", "shop / größe"));
    assertThat(describe(created.associationId())).isEqualTo(created);
  }

  @Test
  void updatesAndDeletes() {
    String id = create("shop", "checkout").associationId();

    var updated =
        eks.updatePodIdentityAssociation(
                r -> r.clusterName(CLUSTER).associationId(id).roleArn(OTHER).targetRoleArn(TARGET))
            .association();
    var plain =
        eks.updatePodIdentityAssociation(
                r -> r.clusterName(CLUSTER).associationId(id).targetRoleArn(""))
            .association();
    var deleted =
        eks.deletePodIdentityAssociation(r -> r.clusterName(CLUSTER).associationId(id))
            .association();

    assertThat(updated.roleArn()).isEqualTo(OTHER);
    assertThat(updated.targetRoleArn()).isEqualTo(TARGET);
    assertThat(plain.targetRoleArn()).isNull();
    assertThat(deleted).isEqualTo(plain);
    assertThat(local.associations().size()).isZero();
  }

  @Test
  void tagsAndUntags() {
    String arn = create("shop", "checkout").associationArn();

    eks.tagResource(r -> r.resourceArn(arn).tags(Map.of("a b", "1", "c", "x+y/z")));
    eks.untagResource(r -> r.resourceArn(arn).tagKeys("a b", "none"));

    assertThat(eks.listTagsForResource(r -> r.resourceArn(arn)).tags())
        .isEqualTo(Map.of("c", "x+y/z"));
  }

  @Test
  void keepsAThousandAssociations() {
    for (int i = 0; i < THOUSAND; i++) {
      create("ns-" + i % 10, "sa-" + i);
    }

    var ids = new HashSet<String>();
    eks.listPodIdentityAssociationsPaginator(r -> r.clusterName(CLUSTER).maxResults(70))
        .associations()
        .forEach(summary -> ids.add(summary.associationId()));

    assertThat(ids).hasSize(THOUSAND);
    assertThat(list("ns-3", null)).hasSize(100);
    assertThat(list("ns-3", "sa-13")).hasSize(1);
    assertThat(list(null, "sa-13")).isEqualTo(list("ns-3", "sa-13"));
    ids.parallelStream().forEach(id -> assertThat(describe(id).associationId()).isEqualTo(id));
    var full = fail(ResourceLimitExceededException.class, () -> create("ns", "one-more"));
    assertThat(full.statusCode()).isEqualTo(400);
    ids.parallelStream()
        .forEach(
            id ->
                eks.updatePodIdentityAssociation(
                    r -> r.clusterName(CLUSTER).associationId(id).roleArn(OTHER)));
    ids.parallelStream()
        .forEach(
            id -> eks.deletePodIdentityAssociation(r -> r.clusterName(CLUSTER).associationId(id)));
    assertThat(local.associations().size()).isZero();
  }

  @Test
  void aRepeatedRequestTokenCreatesNothingMore() {
    PodIdentityAssociation first = createWithToken("sa", "token-1");

    assertThat(createWithToken("sa", "token-1")).isEqualTo(first);
    fail(InvalidParameterException.class, () -> createWithToken("other", "token-1"));
  }

  @Test
  void refusesASecondAssociation() {
    create("shop", "checkout");

    var refused = fail(ResourceInUseException.class, () -> create("shop", "checkout"));

    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.clusterName()).isEqualTo(CLUSTER);
    assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("ResourceInUseException");
  }

  @Test
  void findsNoStrangeAssociationAndNoStrangeCluster() {
    assertThat(fail(ResourceNotFoundException.class, () -> describe("a-abcdefghijklmnop1")))
        .hasMessageContaining("a-abcdefghijklmnop1");
    assertThat(
            fail(
                ResourceNotFoundException.class,
                () -> eks.listPodIdentityAssociations(r -> r.clusterName("other"))))
        .hasMessageContaining("No cluster found for name: other");
  }

  @Test
  void refusesParameters() {
    fail(InvalidParameterException.class, () -> create("Not_A_Name", "x"));
    fail(
        InvalidParameterException.class,
        () -> eks.listPodIdentityAssociations(r -> r.clusterName(CLUSTER).nextToken("forged")));
    fail(
        InvalidParameterException.class,
        () -> eks.listPodIdentityAssociations(r -> r.clusterName(CLUSTER).maxResults(101)));
    fail(
        InvalidParameterException.class,
        () ->
            eks.createPodIdentityAssociation(
                r -> r.clusterName(CLUSTER).namespace("n").serviceAccount("s").roleArn(TARGET)));
  }

  @Test
  void refusesAnUpdateOfNothing() {
    String id = create("shop", "checkout").associationId();

    fail(
        InvalidRequestException.class,
        () -> eks.updatePodIdentityAssociation(r -> r.clusterName(CLUSTER).associationId(id)));
  }

  @Test
  void tagOperationsHaveErrorsOfTheirOwn() {
    String arn = create("shop", "checkout").associationArn();
    String gone = arn.substring(0, arn.length() - 1) + "_";

    fail(BadRequestException.class, () -> eks.listTagsForResource(r -> r.resourceArn("no-arn")));
    fail(BadRequestException.class, () -> eks.listTagsForResource(r -> r.resourceArn(gone)));
    fail(
        BadRequestException.class,
        () -> eks.tagResource(r -> r.resourceArn(arn).tags(Map.of("aws:x", "y"))));
    local.associations().delete(arn.substring(arn.lastIndexOf('/') + 1));
    fail(NotFoundException.class, () -> eks.listTagsForResource(r -> r.resourceArn(arn)));
  }

  @Test
  void failsAsItIsSwitchedOnTo() {
    local.faults().switchOn(new Fault.ServerError());

    assertThat(fail(ServerException.class, () -> create("shop", "checkout")).statusCode())
        .isEqualTo(500);
  }

  private PodIdentityAssociation create(String namespace, String serviceAccount) {
    return eks.createPodIdentityAssociation(
            r ->
                r.clusterName(CLUSTER)
                    .namespace(namespace)
                    .serviceAccount(serviceAccount)
                    .roleArn(ROLE))
        .association();
  }

  private PodIdentityAssociation createWithToken(String serviceAccount, String token) {
    return eks.createPodIdentityAssociation(
            r ->
                r.clusterName(CLUSTER)
                    .namespace("ns")
                    .serviceAccount(serviceAccount)
                    .roleArn(ROLE)
                    .clientRequestToken(token))
        .association();
  }

  private PodIdentityAssociation describe(String id) {
    return eks.describePodIdentityAssociation(r -> r.clusterName(CLUSTER).associationId(id))
        .association();
  }

  private List<PodIdentityAssociationSummary> list(
      @Nullable String namespace, @Nullable String serviceAccount) {
    return eks.listPodIdentityAssociations(
            r -> r.clusterName(CLUSTER).namespace(namespace).serviceAccount(serviceAccount))
        .associations();
  }

  private static <E extends EksException> E fail(Class<E> type, Runnable call) {
    E failure = catchThrowableOfType(type, call::run);
    assertThat(failure).isExactlyInstanceOf(type);
    assertThat(failure.requestId()).isNotBlank();
    return failure;
  }
}
