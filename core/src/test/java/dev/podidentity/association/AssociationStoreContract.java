package dev.podidentity.association;

import static dev.podidentity.association.AssociationFixtures.ACCOUNT;
import static dev.podidentity.association.AssociationFixtures.CLUSTER;
import static dev.podidentity.association.AssociationFixtures.OTHER_ROLE;
import static dev.podidentity.association.AssociationFixtures.POLICY;
import static dev.podidentity.association.AssociationFixtures.ROLE;
import static dev.podidentity.association.AssociationFixtures.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.token.ServiceAccountRef;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store has to do. */
abstract class AssociationStoreContract {
  private static final Instant CREATED = Instant.parse("2026-03-01T10:00:00.123Z");

  private AssociationStore store;

  abstract AssociationStore open(AssociationStoreBuilder settings) throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store =
        open(
            AssociationStore.builder(CLUSTER)
                .clock(Clock.fixed(CREATED, ZoneOffset.UTC))
                .maxAssociations(300));
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void findsWhatWasCreated() {
    PodIdentityAssociation created = store.create(ACCOUNT, ROLE);

    assertThat(store.find(ACCOUNT)).contains(created);
    assertThat(store.describe(created.associationId())).isEqualTo(created);
  }

  @Test
  void givesAnAssociationItsIdArnAndTimes() {
    PodIdentityAssociation created = store.create(ACCOUNT, ROLE);

    assertThat(created.associationId()).matches("a-[a-z0-9]{17}");
    assertThat(created.associationArn())
        .hasToString(
            "arn:aws:eks:us-west-2:111122223333:podidentityassociation/my-cluster/"
                + created.associationId());
    assertThat(created.createdAt()).isEqualTo(CREATED).isEqualTo(created.modifiedAt());
  }

  @Test
  void refusesASecondAssociationOfAServiceAccount() {
    String id = store.create(ACCOUNT, ROLE).associationId();

    var refused = refusal(() -> store.create(ACCOUNT, OTHER_ROLE));

    assertThat(refused.failure()).isEqualTo(AssociationFailure.RESOURCE_IN_USE);
    assertThat(refused.associationId()).contains(id);
  }

  @Test
  void refusesARoleOfAnotherAccount() {
    var refused = refusal(() -> store.create(ACCOUNT, TARGET));

    assertThat(refused.failure()).isEqualTo(AssociationFailure.INVALID_PARAMETER);
    assertThat(refused).hasMessageContaining("target role");
  }

  @Test
  void givesATargetRoleOfAnyAccountAnExternalId() {
    var created = store.create(request().targetRoleArn(TARGET).build());

    assertThat(created.targetRoleArn()).contains(TARGET);
    assertThat(created.externalId()).isPresent();
    assertThat(created.effectiveRoleArn()).isEqualTo(TARGET);
  }

  @Test
  void refusesATargetRoleOfAnotherPartition() {
    var elsewhere = RoleArn.parse("arn:aws-cn:iam::444455556666:role/target");

    assertThat(refusal(() -> store.create(request().targetRoleArn(elsewhere).build())).failure())
        .isEqualTo(AssociationFailure.INVALID_PARAMETER);
  }

  @Test
  void takesAPolicyOnlyWithSessionTagsOff() {
    var refused = refusal(() -> store.create(request().policy(POLICY).build()));
    var created = store.create(request().policy(POLICY).disableSessionTags(true).build());

    assertThat(refused.failure()).isEqualTo(AssociationFailure.INVALID_PARAMETER);
    assertThat(refused).hasMessageContaining("disableSessionTags");
    assertThat(created.policy()).contains(POLICY);
  }

  @Test
  void aRepeatedRequestIsTheSameRequest() {
    var first = store.create(request().clientRequestToken("token-1").build());
    var again = store.create(request().clientRequestToken("token-1").build());

    assertThat(again).isEqualTo(first);
    assertThat(store.size()).isEqualTo(1);
  }

  @Test
  void refusesARequestTokenForAnotherRequest() {
    store.create(request().clientRequestToken("token-1").build());
    var other =
        CreateAssociation.builder(new ServiceAccountRef("shop", "cart"), ROLE)
            .clientRequestToken("token-1")
            .build();

    assertThat(refusal(() -> store.create(other)).failure())
        .isEqualTo(AssociationFailure.INVALID_PARAMETER);
  }

  @Test
  void aRequestTokenIsFreeAgainOnceItsAssociationIsGone() {
    var first = store.create(request().clientRequestToken("token-1").build());
    store.delete(first.associationId());

    var second = store.create(request().clientRequestToken("token-1").build());

    assertThat(second.associationId()).isNotEqualTo(first.associationId());
  }

  @Test
  void updatesWhatIsGivenAndNothingElse() {
    var created = store.create(request().targetRoleArn(TARGET).build());

    var updated =
        store.update(
            created.associationId(), UpdateAssociation.builder().roleArn(OTHER_ROLE).build());

    assertThat(updated)
        .isEqualTo(created.toBuilder().roleArn(OTHER_ROLE).build())
        .isEqualTo(store.find(ACCOUNT).orElseThrow());
  }

  @Test
  void takesATargetRoleAndAPolicyAway() {
    var created =
        store.create(
            request().targetRoleArn(TARGET).policy(POLICY).disableSessionTags(true).build());

    var updated =
        store.update(
            created.associationId(),
            UpdateAssociation.builder().removeTargetRole().removePolicy().build());

    assertThat(updated.targetRoleArn()).isEmpty();
    assertThat(updated.externalId()).isEmpty();
    assertThat(updated.policy()).isEmpty();
  }

  @Test
  void keepsTheExternalIdWhenTheTargetRoleChanges() {
    var created = store.create(request().targetRoleArn(TARGET).build());
    var other = RoleArn.parse("arn:aws:iam::777788889999:role/other-target");

    var updated =
        store.update(
            created.associationId(), UpdateAssociation.builder().targetRoleArn(other).build());

    assertThat(updated.externalId()).isEqualTo(created.externalId());
  }

  @Test
  void refusesToTurnSessionTagsOnBesideAPolicy() {
    var id =
        store.create(request().policy(POLICY).disableSessionTags(true).build()).associationId();

    var refused =
        refusal(
            () -> store.update(id, UpdateAssociation.builder().disableSessionTags(false).build()));

    assertThat(refused.failure()).isEqualTo(AssociationFailure.INVALID_PARAMETER);
  }

  @Test
  void refusesAnUpdateThatChangesNothing() {
    var id = store.create(ACCOUNT, ROLE).associationId();

    assertThat(refusal(() -> store.update(id, UpdateAssociation.builder().build())).failure())
        .isEqualTo(AssociationFailure.INVALID_REQUEST);
    assertThat(
            refusal(() -> store.update(id, UpdateAssociation.builder().roleArn(ROLE).build()))
                .failure())
        .isEqualTo(AssociationFailure.INVALID_REQUEST);
  }

  @Test
  void aRepeatedUpdateIsTheSameUpdate() {
    var id = store.create(ACCOUNT, ROLE).associationId();
    var update =
        UpdateAssociation.builder().roleArn(OTHER_ROLE).clientRequestToken("token-2").build();

    assertThat(store.update(id, update)).isEqualTo(store.update(id, update));
  }

  @Test
  void aDeletedAssociationIsGone() {
    var created = store.create(ACCOUNT, ROLE);

    assertThat(store.delete(created.associationId())).isEqualTo(created);
    assertThat(store.find(ACCOUNT)).isEmpty();
    assertThat(store.list(AssociationQuery.all()).associations()).isEmpty();
    assertThat(refusal(() -> store.describe(created.associationId())).failure())
        .isEqualTo(AssociationFailure.RESOURCE_NOT_FOUND);
  }

  @Test
  void findsNoAssociationByAStrangeId() {
    String id = "a-nosuchassociation";

    assertThat(
            List.of(
                refusal(() -> store.describe(id)).failure(),
                refusal(() -> store.delete(id)).failure(),
                refusal(() -> store.tag(id, Tags.none())).failure(),
                refusal(() -> store.update(id, UpdateAssociation.builder().build())).failure()))
        .containsOnly(AssociationFailure.RESOURCE_NOT_FOUND);
  }

  @Test
  void addsAndRemovesTags() {
    var id =
        store.create(request().tags(Tags.of(Map.of("a", "1", "b", "2"))).build()).associationId();
    store.tag(id, Tags.of(Map.of("b", "3", "c", "4")));

    var untagged = store.untag(id, List.of("a", "none"));

    assertThat(untagged.tags().asMap()).isEqualTo(Map.of("b", "3", "c", "4"));
    assertThat(store.describe(id)).isEqualTo(untagged);
  }

  @Test
  void refusesMoreThanFiftyTagsInAll() {
    var id = store.create(ACCOUNT, ROLE).associationId();
    for (int i = 0; i < 50; i++) {
      store.tag(id, Tags.of(Map.of("key-" + i, "v")));
    }

    assertThat(refusal(() -> store.tag(id, Tags.of(Map.of("one", "more")))).failure())
        .isEqualTo(AssociationFailure.INVALID_PARAMETER);
  }

  @Test
  void refusesMoreAssociationsThanTheLimit() {
    createNumbered(300);

    assertThat(refusal(() -> store.create(ACCOUNT, ROLE)).failure())
        .isEqualTo(AssociationFailure.RESOURCE_LIMIT_EXCEEDED);
  }

  @Test
  void listsEverythingOnceInPages() {
    createNumbered(250);

    var ids = new ArrayList<String>();
    var pages = new ArrayList<Integer>();
    Optional<String> next = Optional.empty();
    do {
      var page = store.list(AssociationQuery.all().maxResults(70).after(next.orElse(null)));
      page.associations().forEach(association -> ids.add(association.associationId()));
      pages.add(page.associations().size());
      next = page.nextToken();
    } while (next.isPresent());

    assertThat(pages).containsExactly(70, 70, 70, 40);
    assertThat(ids).hasSize(250).doesNotHaveDuplicates();
  }

  @Test
  void listsANamespaceAndAServiceAccount() {
    createNumbered(100);

    var namespace = store.list(AssociationQuery.all().inNamespace("ns-3"));
    var account = store.list(AssociationQuery.all().inNamespace("ns-3").ofServiceAccount("sa-13"));
    var anywhere = store.list(AssociationQuery.all().ofServiceAccount("sa-13"));

    assertThat(namespace.associations()).hasSize(10);
    assertThat(account.associations()).hasSize(1).isEqualTo(anywhere.associations());
    assertThat(store.list(AssociationQuery.all().inNamespace("ns")).associations()).isEmpty();
  }

  @Test
  void refusesATokenThatNoPageCameWith() {
    assertThat(refusal(() -> store.list(AssociationQuery.all().after("forged"))).failure())
        .isEqualTo(AssociationFailure.INVALID_PARAMETER);
  }

  private void createNumbered(int count) {
    IntStream.range(0, count)
        .forEach(i -> store.create(new ServiceAccountRef("ns-" + i % 10, "sa-" + i), ROLE));
  }

  private static CreateAssociation.Builder request() {
    return CreateAssociation.builder(ACCOUNT, ROLE);
  }

  private static AssociationException refusal(ThrowingCallable call) {
    return catchThrowableOfType(AssociationException.class, call);
  }
}
