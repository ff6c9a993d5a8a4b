package dev.podidentity.awssdk.eksauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.fuzz.Mutations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever lies in a shared credentials file, it is read or refused, and never repeated. */
class SharedCredentialsFuzzTest {
  private static final Mutations FILES = Mutations.of("shared-credentials");

  @Property
  void readsAFileOrRefusesIt(@ForAll long number) throws IOException {
    Path path = Files.createTempFile("credentials", "");
    try {
      Files.write(path, FILES.bytes(number));
      var file = new SharedCredentialsFile(path, "default");
      assertThat(file.parse(file.read()).accessKeyId()).isNotBlank();
    } catch (IOException e) {
      assertThat(e.getMessage()).contains(path.toString()).doesNotContain("CANARY");
      assertThat(e.getCause()).isNull();
    } finally {
      Files.delete(path);
    }
  }
}
