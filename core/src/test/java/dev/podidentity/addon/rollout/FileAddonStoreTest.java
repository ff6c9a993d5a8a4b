package dev.podidentity.addon.rollout;

import static dev.podidentity.addon.rollout.AddonFixture.CLUSTER;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAddonStoreTest extends AddonStoreContract {
  @TempDir private Path folder = Path.of("");

  private Path file() {
    return folder.resolve("data").resolve("addon.json");
  }

  @Override
  AddonStore open() throws IOException {
    return AddonStore.file(file());
  }

  @Test
  void isOpenedByOneAtATime() {
    assertThatIOException()
        .isThrownBy(this::open)
        .withMessageContaining("this process has it open already");
  }

  @Test
  void refusesAFileWhoseChecksumIsWrong() throws IOException {
    Files.writeString(file(), "00000000 {\"podIdentityAddon\":1}\n");

    refusesWith("checksum");
  }

  @Test
  void refusesWhatNoAddonIsKeptIn() throws IOException {
    Files.writeString(file(), "{\"cluster\":\"" + CLUSTER + "\"}");

    refusesWith("is not what an add-on is kept in");
  }

  @Test
  void refusesAFileThatWasCutShort() throws IOException {
    Files.writeString(file(), "");

    refusesWith("cannot be trusted");
  }

  private void refusesWith(String reason) {
    assertThatIOException()
        .isThrownBy(() -> store().load(CLUSTER))
        .withMessageContaining(reason)
        .withMessageContaining("backup");
  }

  private AddonStore other() throws IOException {
    return AddonStore.file(folder.resolve("other.json"));
  }

  @Test
  void takesAFileThatAnEditorWrote() throws IOException {
    String text = StateJson.write(AddonState.NONE, CLUSTER);
    Files.writeString(file(), text + "\n\n");

    assertThat(store().load(CLUSTER)).isEqualTo(AddonState.NONE);
  }

  @Test
  void letsOnlyTheOwnerReadTheFile() throws IOException {
    assumeTrue(
        folder.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "this file system has no modes");
    try (AddonStore store = other()) {
      store.save(CLUSTER, AddonState.NONE);
      store.save(CLUSTER, AddonState.NONE);

      assertThat(Files.readString(folder.resolve("other.json"), UTF_8)).contains("my-cluster");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve("other.json"))))
          .isEqualTo("rw-------");
    }
  }
}
