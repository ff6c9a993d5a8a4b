package dev.podidentity.association;

import static dev.podidentity.association.AssociationFixtures.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.token.ServiceAccountRef;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A store and a plain map take the same steps, and must agree after each. */
class AssociationStoreModelTest {
  enum Action {
    CREATE,
    UPDATE,
    DELETE,
    TAG
  }

  record Step(Action action, ServiceAccountRef account, RoleArn role) {}

  @Property(tries = 300)
  void agreesWithAMap(@ForAll("steps") List<Step> steps) {
    var store = AssociationStore.inMemory(CLUSTER);
    var model = new HashMap<ServiceAccountRef, PodIdentityAssociation>();

    for (Step step : steps) {
      take(step, store, model);

      assertThat(store.find(step.account()).map(a -> a.roleArn().name()))
          .isEqualTo(
              java.util.Optional.ofNullable(model.get(step.account()))
                  .map(a -> a.roleArn().name()));
    }

    assertThat(store.all())
        .containsExactlyElementsOf(
            model.values().stream()
                .sorted(Comparator.comparing(a -> a.serviceAccount().toString()))
                .toList());
    assertThat(store.size()).isEqualTo(model.size());
  }

  private static void take(
      Step step, AssociationStore store, Map<ServiceAccountRef, PodIdentityAssociation> model) {
    PodIdentityAssociation there = model.get(step.account());
    switch (step.action()) {
      case CREATE -> {
        if (there == null) {
          model.put(step.account(), store.create(step.account(), step.role()));
        } else {
          assertThat(failure(() -> store.create(step.account(), step.role())))
              .isEqualTo(AssociationFailure.RESOURCE_IN_USE);
        }
      }
      case UPDATE -> {
        var update = UpdateAssociation.builder().roleArn(step.role()).build();
        if (there != null && !there.roleArn().equals(step.role())) {
          model.put(step.account(), store.update(there.associationId(), update));
        } else if (there != null) {
          assertThat(failure(() -> store.update(there.associationId(), update)))
              .isEqualTo(AssociationFailure.INVALID_REQUEST);
        }
      }
      case DELETE -> {
        if (there != null) {
          assertThat(store.delete(there.associationId())).isEqualTo(model.remove(step.account()));
        }
      }
      case TAG -> {
        if (there != null) {
          var tags = Tags.of(Map.of(step.role().name(), "v"));
          model.put(step.account(), store.tag(there.associationId(), tags));
        }
      }
    }
  }

  private static AssociationFailure failure(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(AssociationException.class, call).failure();
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    var accounts =
        Combinators.combine(Arbitraries.of("a", "a-b", "b"), Arbitraries.of("x", "x.y", "z"))
            .as(ServiceAccountRef::new);
    var roles =
        Arbitraries.of("one", "two", "three")
            .map(name -> RoleArn.parse("arn:aws:iam::111122223333:role/" + name));
    return Combinators.combine(Arbitraries.of(Action.class), accounts, roles)
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }
}
