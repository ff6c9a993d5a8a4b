package dev.podidentity.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.association.AssociationStore;
import dev.podidentity.association.ClusterArn;
import dev.podidentity.association.RoleArn;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.token.JwksSettings;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is written here is its owner's alone, with whatever umask the process was started. */
class FileModesTest {
  private static final ServiceAccountRef ACCOUNT = new ServiceAccountRef("default", "my-app");

  private final Path folder;

  FileModesTest(@TempDir Path temporary) {
    folder = temporary.resolve("made/by/the/library");
  }

  @Test
  void keepsAssociationsForTheirOwner() throws IOException {
    try (var store =
        AssociationStore.builder(ClusterArn.of("us-west-2", "111122223333", "my-cluster"))
            .file(folder.resolve("associations"))) {
      store.create(ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/my-role"));
    }

    assertOwnersOnly(3);
  }

  @Test
  void keepsTokensOfTheLocalKubeletForTheirOwner() throws IOException {
    var cluster = LocalCluster.builder().build();
    Path file = cluster.kubelet(folder).mount(cluster.startPod(ACCOUNT, "my-pod"));

    assertThat(file).exists();
    assertOwnersOnly(2);
  }

  @Test
  void keepsTheClustersKeysForTheirOwner() throws IOException {
    var cluster = LocalCluster.builder().build();
    OwnerOnly.createFolder(folder);
    TokenVerifier.jwks(
            cluster.issuer(),
            cluster::jwks,
            Clock.systemUTC(),
            Duration.ofMinutes(1),
            JwksSettings.builder().file(folder.resolve("jwks.json")).build())
        .verify(
            ServiceAccountToken.parse(cluster.projectedToken(cluster.startPod(ACCOUNT, "my-pod"))));

    assertOwnersOnly(2);
  }

  private void assertOwnersOnly(int atLeast) throws IOException {
    List<Path> made;
    try (Stream<Path> all = Files.walk(folder)) {
      made = all.toList();
    }
    assertThat(made).hasSizeGreaterThanOrEqualTo(atLeast);
    for (Path path : made) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .describedAs("the mode of %s", path)
          .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------");
    }
  }
}
