package dev.podidentity.imds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.fuzz.Mutations;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever the instance metadata service says, no path is made of it but a folder and a UID. */
class MetadataFuzzTest {
  private static final Mutations LISTINGS = Mutations.of("metadata-listing");
  private static final Mutations MAPS = Mutations.of("metadata-map");
  private static final Mutations CREDENTIALS = Mutations.of("metadata-credentials");
  private static final LocalCluster CLUSTER = LocalCluster.builder().build();
  private static final ServiceAccountToken TOKEN =
      ServiceAccountToken.parse(
          CLUSTER.projectedToken(
              CLUSTER.startPod(new ServiceAccountRef("default", "my-app"), "my-pod")));

  @Property
  void readsFoldersOutOfAnyListing(@ForAll long number) {
    assertThat(PodFolders.named(LISTINGS.text(number)))
        .hasSizeLessThanOrEqualTo(50)
        .doesNotHaveDuplicates()
        .allMatch(folder -> folder.matches("iam-eks-[0-9]{1,6}"));
  }

  @Property
  void readsAMapOrRefusesIt(@ForAll long number) {
    try {
      assertThat(PodFolders.pods(MAPS.bytes(number)))
          .allMatch(uid -> uid.matches("[0-9A-Za-z-]{1,64}"));
    } catch (InvalidJsonException e) {
      assertThat(e.getMessage()).doesNotContain("CANARY");
    }
  }

  @Property
  void readsCredentialsOrRefusesThem(@ForAll long number) {
    try {
      TemporaryCredentials credentials =
          InstanceMetadataCredentialSource.credentials(CREDENTIALS.bytes(number), TOKEN);
      assertThat(credentials.secretAccessKey()).isNotEmpty();
      assertThat(credentials.expiration().plus(Duration.ofDays(1)).toEpochMilli())
          .isGreaterThan(Instant.MIN.getEpochSecond());
      assertThat(credentials.toString()).doesNotContain("CANARY");
    } catch (CredentialException e) {
      assertThat(e.reason()).isEqualTo(FailureReason.INVALID_ANSWER);
      assertThat(e).hasMessageNotContaining("CANARY").hasNoCause();
    }
  }
}
