package dev.podidentity.server.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.podidentity.addon.version.ClusterVersion;
import dev.podidentity.association.RoleArn;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eks.EksClient;
import software.amazon.awssdk.services.eks.model.Addon;
import software.amazon.awssdk.services.eks.model.AddonStatus;
import software.amazon.awssdk.services.eks.model.InvalidParameterException;
import software.amazon.awssdk.services.eks.model.ResolveConflicts;
import software.amazon.awssdk.services.eks.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eks.model.Update;
import software.amazon.awssdk.services.eks.model.UpdateParam;
import software.amazon.awssdk.services.eks.model.UpdateParamType;
import software.amazon.awssdk.services.eks.model.UpdateStatus;
import software.amazon.awssdk.services.eks.model.UpdateType;

/**
 * What the user guide does with the agent, from its prerequisites to IPv4 alone, in its order and
 * with its values.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html">Set up
 *     the Amazon EKS Pod Identity Agent</a>
 */
class AddonGuideTest {
  private static final String CLUSTER = "my-cluster";
  private static final String ADDON = "eks-pod-identity-agent";
  private static final String VERSION = "v1.0.0-eksbuild.1";
  private static final String IPV4_ONLY =
      "{\"agent\":{\"additionalArgs\": { \"-b\": \"169.254.170.23\"}}}";

  /** What the guide shows of the add-on, with the types that its values have on the wire. */
  private static final String DESCRIBED =
      """
      {"addon": {
        "addonName": "eks-pod-identity-agent",
        "clusterName": "my-cluster",
        "status": "ACTIVE",
        "addonVersion": "v1.0.0-eksbuild.1",
        "health": {"issues": []},
        "addonArn": "arn:aws:eks:us-west-2:111122223333:addon/my-cluster/eks-pod-identity-agent/ID",
        "createdAt": 1681323919.319,
        "modifiedAt": 1681324828.683,
        "tags": {}
      }}
      """;

  @Test
  void needsTheClusterVersionsThatTheGuideNames() throws Exception {
    try (var local = start("1.28", "eks.3");
        var eks = Clients.eks(local.endpoint())) {
      assertThatThrownBy(() -> create(eks))
          .isInstanceOf(InvalidParameterException.class)
          .hasMessageContaining("eks.4");
    }
    try (var local = start("1.28", "eks.4");
        var eks = Clients.eks(local.endpoint())) {
      assertThat(create(eks).addonVersion()).isEqualTo(VERSION);
    }
  }

  @Test
  void isWalkedFromTopToBottom() throws Exception {
    try (var local = start("1.33", "eks.1");
        var eks = Clients.eks(local.endpoint())) {
      LocalEksPod pod = pod(local);

      createsTheAgent(local, eks, pod);
      updatesTheAgent(local, eks);
      disablesIpv6(local, eks, pod);
    }
  }

  private static void createsTheAgent(LocalEks local, EksClient eks, LocalEksPod pod)
      throws Exception {
    assertThatThrownBy(() -> describe(eks)).isInstanceOf(ResourceNotFoundException.class);
    assertThatThrownBy(() -> ask(pod.credentialsUri(), pod)).isInstanceOf(ConnectException.class);

    Addon created = create(eks);
    assertThat(created.status()).isEqualTo(AddonStatus.CREATING);
    Addon settled = untilSettled(eks);
    assertThat(settled.status()).describedAs("%s", settled.health()).isEqualTo(AddonStatus.ACTIVE);

    // kubectl get pods -n kube-system | grep 'eks-pod-identity-agent'
    JsonNode pods = get(local, "/api/v1/namespaces/kube-system/pods").get("items");
    assertThat(pods).hasSize(2);
    assertThat(pods)
        .allSatisfy(
            one -> {
              assertThat(one.at("/metadata/name").asText())
                  .matches("eks-pod-identity-agent-[a-z0-9]{5}");
              assertThat(one.at("/status/phase").asText()).isEqualTo("Running");
              assertThat(one.at("/status/containerStatuses/0/ready").asBoolean()).isTrue();
            });
    assertThat(ask(pod.credentialsUri(), pod)).isEqualTo(200);
  }

  private static void updatesTheAgent(LocalEks local, EksClient eks) throws Exception {
    assertThat(describe(eks).addonVersion()).isEqualTo(VERSION);

    Update same =
        eks.updateAddon(r -> r.clusterName(CLUSTER).addonName(ADDON).addonVersion(VERSION))
            .update();
    assertThat(ended(eks, same).status()).isEqualTo(UpdateStatus.SUCCESSFUL);

    assertThatItIsLikeTheGuide(get(local, "/clusters/my-cluster/addons/" + ADDON));
    assertThat(describe(eks).health().issues()).isEmpty();

    String newer = "v1.1.0-eksbuild.1";
    Update update =
        eks.updateAddon(r -> r.clusterName(CLUSTER).addonName(ADDON).addonVersion(newer)).update();
    assertThat(ended(eks, update).status()).isEqualTo(UpdateStatus.SUCCESSFUL);
    assertThat(describe(eks).addonVersion()).isEqualTo(newer);
  }

  /** Each member that the guide shows is there, of the same type, in the same order; no other. */
  private static void assertThatItIsLikeTheGuide(JsonNode described) throws Exception {
    JsonNode guide = new JsonMapper().readTree(DESCRIBED).get("addon");
    JsonNode addon = described.get("addon");
    assertThat(names(addon)).isEqualTo(names(guide));
    for (String member : names(guide)) {
      JsonNode here = addon.get(member);
      JsonNode there = guide.get(member);
      assertThat(here.getNodeType()).as(member).isEqualTo(there.getNodeType());
      switch (member) {
        case "addonArn" ->
            assertThat(here.asText())
                .matches(there.asText().replace("ID", "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"));
        case "createdAt", "modifiedAt" -> assertThat(here.decimalValue().scale()).isBetween(0, 3);
        default -> assertThat(here).as(member).isEqualTo(there);
      }
    }
  }

  private static List<String> names(JsonNode object) {
    var names = new ArrayList<String>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static void disablesIpv6(LocalEks local, EksClient eks, LocalEksPod pod)
      throws Exception {
    List<URI> before = local.nodes().get(0).credentialUris();

    Update update =
        eks.updateAddon(
                r ->
                    r.clusterName(CLUSTER)
                        .addonName(ADDON)
                        .resolveConflicts(ResolveConflicts.PRESERVE)
                        .configurationValues(IPV4_ONLY))
            .update();

    assertThat(update.status()).isEqualTo(UpdateStatus.IN_PROGRESS);
    assertThat(update.type()).isEqualTo(UpdateType.ADDON_UPDATE);
    assertThat(update.params())
        .extracting(UpdateParam::type, UpdateParam::value)
        .contains(
            tuple(UpdateParamType.RESOLVE_CONFLICTS, "PRESERVE"),
            tuple(UpdateParamType.CONFIGURATION_VALUES, IPV4_ONLY));
    Update ended = ended(eks, update);
    assertThat(ended.status()).isEqualTo(UpdateStatus.SUCCESSFUL);
    assertThat(ended.errors()).isEmpty();
    assertThat(eks.listUpdates(r -> r.name(CLUSTER).addonName(ADDON)).updateIds())
        .hasSize(3)
        .contains(update.id());
    assertThat(describe(eks).configurationValues()).isEqualTo(IPV4_ONLY);
    assertThatOnlyIpv4IsServed(local, before, pod);
  }

  private static void assertThatOnlyIpv4IsServed(LocalEks local, List<URI> before, LocalEksPod pod)
      throws Exception {
    assertThat(local.nodes()).allSatisfy(node -> assertThat(node.credentialUris()).hasSize(1));
    for (URI uri : before) {
      if (uri.getHost().startsWith("[")) {
        assertThatThrownBy(() -> ask(uri, pod)).isInstanceOf(ConnectException.class);
      } else {
        assertThat(ask(uri, pod)).isEqualTo(200);
      }
    }
  }

  private static LocalEks start(String kubernetes, String platform) throws IOException {
    return LocalEks.builder()
        .clusterVersion(ClusterVersion.parse(kubernetes, platform))
        .nodes(2)
        .withoutAgents()
        .start();
  }

  private static LocalEksPod pod(LocalEks local) {
    var account = new ServiceAccountRef("shop", "checkout");
    local.associations().create(account, RoleArn.parse("arn:aws:iam::111122223333:role/my-role"));
    return local.startPod(account, "checkout-1");
  }

  private static Addon create(EksClient eks) {
    return eks.createAddon(r -> r.clusterName(CLUSTER).addonName(ADDON).addonVersion(VERSION))
        .addon();
  }

  private static Addon describe(EksClient eks) {
    return eks.describeAddon(r -> r.clusterName(CLUSTER).addonName(ADDON)).addon();
  }

  private static Addon untilSettled(EksClient eks) {
    return Until.answer(() -> describe(eks), addon -> addon.status() != AddonStatus.CREATING);
  }

  private static Update ended(EksClient eks, Update update) {
    return Until.answer(
        () ->
            eks.describeUpdate(r -> r.name(CLUSTER).addonName(ADDON).updateId(update.id()))
                .update(),
        one -> one.status() != UpdateStatus.IN_PROGRESS);
  }

  private static int ask(URI uri, LocalEksPod pod) throws IOException {
    return Http.get(uri, Files.readString(pod.tokenFile())).status();
  }

  private static JsonNode get(LocalEks local, String path) throws IOException {
    return new JsonMapper().readTree(Http.get(local.endpoint().resolve(path), null).body());
  }
}
