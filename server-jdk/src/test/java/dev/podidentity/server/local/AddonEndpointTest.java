package dev.podidentity.server.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.Addon;
import software.amazon.awssdk.services.eks.model.AddonIssueCode;
import software.amazon.awssdk.services.eks.model.AddonStatus;
import software.amazon.awssdk.services.eks.model.AddonVersionInfo;
import software.amazon.awssdk.services.eks.model.Compatibility;
import software.amazon.awssdk.services.eks.model.EksException;
import software.amazon.awssdk.services.eks.model.InvalidParameterException;
import software.amazon.awssdk.services.eks.model.NotFoundException;
import software.amazon.awssdk.services.eks.model.ResourceInUseException;
import software.amazon.awssdk.services.eks.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eks.model.UpdateAddonResponse;

class AddonEndpointTest {
  private static final String CLUSTER = "my-cluster";
  private static final String ADDON = "eks-pod-identity-agent";
  private static final String ROLE = "arn:aws:iam::111122223333:role/my-role";

  private final LocalEks local = startEks();
  private final EksClient eks = Clients.eks(local.endpoint());

  private static LocalEks startEks() {
    try {
      return LocalEks.start();
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
  void createsTheClustersDefaultVersion() {
    assertThat(eks.listAddons(r -> r.clusterName(CLUSTER)).addons()).isEmpty();

    Addon addon = create();

    assertThat(addon.addonVersion())
        .isEqualTo(
            local
                .addons()
                .catalogue()
                .defaultVersion(local.addons().clusterVersion())
                .orElseThrow()
                .toString());
    assertThat(eks.listAddons(r -> r.clusterName(CLUSTER)).addons()).containsExactly(ADDON);
  }

  @Test
  void saysThatTheServiceAccountRoleIsNotUsed() {
    eks.createAddon(r -> r.clusterName(CLUSTER).addonName(ADDON).serviceAccountRoleArn(ROLE));

    Addon addon = untilActive();

    assertThat(addon.serviceAccountRoleArn()).isEqualTo(ROLE);
    assertThat(addon.health().issues())
        .singleElement()
        .satisfies(
            issue -> {
              assertThat(issue.code()).isEqualTo(AddonIssueCode.UNSUPPORTED_ADDON_MODIFICATION);
              assertThat(issue.message()).contains("role is not used");
              assertThat(issue.resourceIds()).containsExactly(ROLE);
            });
  }

  @Test
  void listsTheVersionsForAKubernetesVersion() {
    var addons =
        eks.describeAddonVersions(r -> r.addonName(ADDON).kubernetesVersion("1.28")).addons();

    assertThat(addons)
        .singleElement()
        .satisfies(
            addon -> {
              assertThat(addon.addonName()).isEqualTo(ADDON);
              assertThat(addon.defaultNamespace()).isEqualTo("kube-system");
              assertThat(addon.addonVersions())
                  .extracting(AddonVersionInfo::addonVersion)
                  .contains("v1.0.0-eksbuild.1");
              assertThat(addon.addonVersions())
                  .allSatisfy(
                      version -> {
                        assertThat(version.architecture()).containsExactly("amd64", "arm64");
                        assertThat(version.compatibilities())
                            .extracting(Compatibility::clusterVersion)
                            .containsExactly("1.28");
                      });
            });
    assertThat(eks.describeAddonVersions(r -> r.addonName("vpc-cni")).addons()).isEmpty();
    assertThat(eks.describeAddonVersions(r -> r.owners("aws")).addons()).hasSize(1);
    assertThat(eks.describeAddonVersions(r -> r.types("storage")).addons()).isEmpty();
  }

  @Test
  void givesTheSchemaOfItsConfigurationValues() throws Exception {
    var answer =
        eks.describeAddonConfiguration(r -> r.addonName(ADDON).addonVersion("v1.0.0-eksbuild.1"));

    var schema = new JsonMapper().readTree(answer.configurationSchema());
    assertThat(
            schema
                .at("/properties/agent/properties/additionalArgs/properties/-b/description")
                .asText())
        .isNotEmpty();
    fail(
        ResourceNotFoundException.class,
        () ->
            eks.describeAddonConfiguration(
                r -> r.addonName(ADDON).addonVersion("v99.0.0-eksbuild.1")));
  }

  @Test
  void refusesWhatEksRefuses() {
    create();

    var inUse = fail(ResourceInUseException.class, this::create);
    assertThat(inUse.statusCode()).isEqualTo(409);
    assertThat(inUse.addonName()).isEqualTo(ADDON);
    fail(ResourceNotFoundException.class, () -> describe("vpc-cni"));
    fail(
        ResourceNotFoundException.class, () -> eks.listAddons(r -> r.clusterName("other-cluster")));
    assertThat(
            fail(
                InvalidParameterException.class,
                () -> update("{\"agent\":{\"additionalArg\":{}}}")))
        .hasMessageContaining("/agent/additionalArg")
        .hasMessageContaining("did you mean 'additionalArgs'?");
    fail(
        InvalidParameterException.class,
        () -> eks.updateAddon(r -> r.clusterName(CLUSTER).addonName(ADDON).addonVersion("1.0")));
    fail(
        InvalidParameterException.class,
        () ->
            eks.updateAddon(
                r -> r.clusterName(CLUSTER).addonName(ADDON).resolveConflicts("MAYBE")));
    fail(
        ResourceNotFoundException.class,
        () ->
            eks.describeUpdate(
                r ->
                    r.name(CLUSTER)
                        .addonName(ADDON)
                        .updateId("00000000-0000-0000-0000-000000000000")));
  }

  @Test
  void givesUpdatesInPages() {
    create();
    untilActive();
    for (int i = 0; i < 5; i++) {
      String id = update("").update().id();
      Until.answer(
          () ->
              eks.describeUpdate(r -> r.name(CLUSTER).addonName(ADDON).updateId(id))
                  .update()
                  .statusAsString(),
          "Successful"::equals);
    }

    var ids = new ArrayList<String>();
    eks.listUpdatesPaginator(r -> r.name(CLUSTER).addonName(ADDON).maxResults(2))
        .updateIds()
        .forEach(ids::add);

    assertThat(ids).hasSize(5).doesNotHaveDuplicates();
    assertThat(eks.listUpdates(r -> r.name(CLUSTER)).updateIds()).isEmpty();
    for (String token : List.of("forged", "from-7", "from--1")) {
      fail(
          InvalidParameterException.class,
          () -> eks.listUpdates(r -> r.name(CLUSTER).addonName(ADDON).nextToken(token)));
    }
    fail(
        InvalidParameterException.class,
        () -> eks.listUpdates(r -> r.name(CLUSTER).addonName(ADDON).maxResults(101)));
  }

  @Test
  void tagsTheAddon() {
    String arn = create().addonArn();

    eks.tagResource(r -> r.resourceArn(arn).tags(Map.of("team", "shop", "stage", "test")));
    eks.untagResource(r -> r.resourceArn(arn).tagKeys("stage"));

    assertThat(eks.listTagsForResource(r -> r.resourceArn(arn)).tags())
        .isEqualTo(Map.of("team", "shop"));
    assertThat(describe(ADDON).tags()).isEqualTo(Map.of("team", "shop"));
    String other = arn.substring(0, arn.length() - 1) + (arn.endsWith("0") ? "1" : "0");
    fail(NotFoundException.class, () -> eks.listTagsForResource(r -> r.resourceArn(other)));
  }

  @Test
  void deletesAgentsUnlessTheyAreToBePreserved() {
    create();
    untilActive();

    var deleted = eks.deleteAddon(r -> r.clusterName(CLUSTER).addonName(ADDON)).addon();
    Until.answer(() -> eks.listAddons(r -> r.clusterName(CLUSTER)).addons(), List::isEmpty);

    assertThat(deleted.status()).isEqualTo(AddonStatus.DELETING);
    assertThat(local.nodes().get(0).credentialUris()).isEmpty();

    create();
    untilActive();
    eks.deleteAddon(r -> r.clusterName(CLUSTER).addonName(ADDON).preserve(true));
    assertThat(eks.listAddons(r -> r.clusterName(CLUSTER)).addons()).isEmpty();
    assertThat(local.nodes().get(0).credentialUris()).isNotEmpty();
  }

  @Test
  void isDescribedInItsFailure() {
    eks.createAddon(
        r ->
            r.clusterName(CLUSTER)
                .addonName(ADDON)
                .configurationValues(
                    "{\"agent\":{\"additionalArgs\":{\"-b\":\"169.254.170.99\"}}}"));

    Addon failed =
        Until.answer(() -> describe(ADDON), addon -> addon.status() != AddonStatus.CREATING);

    assertThat(failed.status()).isEqualTo(AddonStatus.CREATE_FAILED);
    assertThat(failed.health().issues())
        .anySatisfy(
            issue -> {
              assertThat(issue.code()).isEqualTo(AddonIssueCode.INSUFFICIENT_NUMBER_OF_REPLICAS);
              assertThat(issue.message()).contains("Cannot listen on 169.254.170.99 port 80");
            });
  }

  private Addon create() {
    return eks.createAddon(r -> r.clusterName(CLUSTER).addonName(ADDON)).addon();
  }

  private Addon describe(String name) {
    return eks.describeAddon(r -> r.clusterName(CLUSTER).addonName(name)).addon();
  }

  private Addon untilActive() {
    return Until.answer(() -> describe(ADDON), addon -> addon.status() == AddonStatus.ACTIVE);
  }

  private UpdateAddonResponse update(String values) {
    return eks.updateAddon(
        r -> r.clusterName(CLUSTER).addonName(ADDON).configurationValues(values));
  }

  private static <E extends EksException> E fail(Class<E> type, ThrowingCallable call) {
    E failure = catchThrowableOfType(type, call);
    assertThat(failure).isExactlyInstanceOf(type);
    return failure;
  }
}
