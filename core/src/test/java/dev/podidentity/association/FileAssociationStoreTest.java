package dev.podidentity.association;

import static dev.podidentity.association.AssociationFixtures.ACCOUNT;
import static dev.podidentity.association.AssociationFixtures.CLUSTER;
import static dev.podidentity.association.AssociationFixtures.OTHER_ROLE;
import static dev.podidentity.association.AssociationFixtures.POLICY;
import static dev.podidentity.association.AssociationFixtures.ROLE;
import static dev.podidentity.association.AssociationFixtures.TARGET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileAssociationStoreTest extends AssociationStoreContract {
  private static final ServiceAccountRef CART = new ServiceAccountRef("shop", "cart");

  @TempDir private Path folder = Path.of("");

  private Path file() {
    return folder.resolve("associations.jsonl");
  }

  @Override
  AssociationStore open(AssociationStoreBuilder settings) throws IOException {
    return settings.file(folder.resolve("contract.jsonl"));
  }

  private AssociationStore open() throws IOException {
    return AssociationStore.builder(CLUSTER).file(file());
  }

  @Test
  void readsBackWhatItWrote() throws Exception {
    PodIdentityAssociation written;
    try (var store = open()) {
      written =
          store.create(
              CreateAssociation.builder(ACCOUNT, ROLE)
                  .targetRoleArn(TARGET)
                  .policy(POLICY)
                  .disableSessionTags(true)
                  .ownerArn("arn:aws:eks:us-west-2:111122223333:addon/my-cluster/x/1")
                  .tags(Tags.of(Map.of("größe", "\n\"groß\"")))
                  .clientRequestToken("token-1")
                  .build());
    }

    try (var store = open()) {
      assertThat(store.find(ACCOUNT)).contains(written);
    }
  }

  @Test
  void remembersRequestTokensAcrossRestarts() throws Exception {
    var request = CreateAssociation.builder(ACCOUNT, ROLE).clientRequestToken("token-1").build();
    PodIdentityAssociation first;
    try (var store = open()) {
      first = store.create(request);
    }

    try (var store = open()) {
      assertThat(store.create(request)).isEqualTo(first);
    }
  }

  @Test
  void passesOverAnUnfinishedLastLineAndWritesInItsPlace() throws Exception {
    try (var store = open()) {
      store.create(ACCOUNT, ROLE);
    }
    Files.writeString(file(), "89abcdef {\"put\":{\"namesp", StandardOpenOption.APPEND);

    try (var store = open()) {
      store.create(CART, ROLE);
    }

    assertThat(Files.readString(file())).doesNotContain("89abcdef");
    try (var store = open()) {
      assertThat(store.size()).isEqualTo(2);
    }
  }

  @Test
  void namesTheDamagedLineAndKeepsWhatIsBeforeIt() throws Exception {
    try (var store = open()) {
      store.create(ACCOUNT, ROLE);
      store.create(CART, ROLE);
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(file()));
    lines.set(2, lines.get(2).replace("my-role", "my-rule"));
    Files.write(file(), lines);

    var damage = catchThrowableOfType(DamagedStoreException.class, this::open);

    assertThat(damage.line()).isEqualTo(3);
    assertThat(damage.before()).extracting(a -> a.serviceAccount()).containsExactly(ACCOUNT);
    assertThat(damage).hasMessageContaining("checksum").hasMessageContaining(file().toString());
  }

  @Test
  void refusesTheFileOfAnotherCluster() throws Exception {
    open().close();
    var other = ClusterArn.of("us-west-2", "111122223333", "other");

    assertThatThrownBy(() -> AssociationStore.builder(other).file(file()))
        .isInstanceOf(DamagedStoreException.class)
        .hasMessageContaining("names cluster");
  }

  @Test
  void takesALineThatAnEditorWrote() throws Exception {
    var told = new LinkedBlockingQueue<String>();
    try (var store = watched(told)) {
      store.create(ACCOUNT, ROLE);
      String edited = withoutChecksum(Files.readAllLines(file()).get(1)).replace("my-role", "x");

      Files.writeString(file(), edited + "\n", StandardOpenOption.APPEND);

      assertThat(next(told)).isEqualTo("reloaded 1");
      assertThat(store.find(ACCOUNT).orElseThrow().roleArn().name()).isEqualTo("x");
    }
  }

  @Test
  void seesWhatAnotherStoreWrites() throws Exception {
    var told = new LinkedBlockingQueue<String>();
    try (var reader = watched(told);
        var writer = open()) {
      var created = writer.create(ACCOUNT, ROLE);

      assertThat(next(told)).isEqualTo("reloaded 1");
      assertThat(reader.find(ACCOUNT)).contains(created);
    }
  }

  @Test
  void twoStoresWriteInTurnWithoutLosingAnything() throws Exception {
    try (var one = open();
        var two = open()) {
      one.create(ACCOUNT, ROLE);
      String id = two.create(CART, ROLE).associationId();
      one.update(id, UpdateAssociation.builder().roleArn(OTHER_ROLE).build());

      assertThat(
              catchThrowableOfType(AssociationException.class, () -> two.create(ACCOUNT, ROLE))
                  .failure())
          .isEqualTo(AssociationFailure.RESOURCE_IN_USE);
      assertThat(two.find(CART).orElseThrow().roleArn()).isEqualTo(OTHER_ROLE);
    }
  }

  @Test
  void keepsTheLastGoodStateWhileTheFileIsDamaged() throws Exception {
    var told = new LinkedBlockingQueue<String>();
    try (var store = watched(told)) {
      var kept = store.create(ACCOUNT, ROLE);
      byte[] good = Files.readAllBytes(file());

      // In one step: a file that is emptied and then written is seen, and told, as damaged twice.
      replaceAtOnce("{ an editor slipped\n".getBytes(StandardCharsets.UTF_8));

      assertThat(next(told)).startsWith("damaged 1");
      assertThat(store.find(ACCOUNT)).contains(kept);
      var refused =
          catchThrowableOfType(AssociationException.class, () -> store.create(CART, ROLE));
      assertThat(refused.failure()).isEqualTo(AssociationFailure.SERVER);

      replaceAtOnce(good);

      assertThat(next(told)).isEqualTo("reloaded 1");
      assertThat(store.create(CART, ROLE)).isNotNull();
    }
  }

  @Test
  void writesTheFileAnewWhenHalfOfItIsSuperseded() throws Exception {
    try (var store = AssociationStore.builder(CLUSTER).minGarbage(10).file(file())) {
      var id = store.create(ACCOUNT, ROLE).associationId();
      for (int i = 0; i < 100; i++) {
        store.tag(id, Tags.of(Map.of("count", Integer.toString(i))));
      }

      assertThat(Files.readAllLines(file())).hasSizeLessThan(15);
    }
    try (var store = open()) {
      assertThat(store.find(ACCOUNT).orElseThrow().tags().asMap()).containsEntry("count", "99");
    }
  }

  @Test
  void aListenerCannotBreakTheStore() throws Exception {
    var told = new LinkedBlockingQueue<String>();
    var throwing =
        new AssociationStoreListener() {
          @Override
          public void reloaded(int associations) {
            told.add("reloaded " + associations);
            throw new IllegalStateException("a listener's own mistake");
          }
        };
    try (var reader = AssociationStore.builder(CLUSTER).listener(throwing).file(file());
        var writer = open()) {
      writer.create(ACCOUNT, ROLE);
      assertThat(next(told)).isEqualTo("reloaded 1");
      writer.create(CART, ROLE);

      assertThat(next(told)).isEqualTo("reloaded 2");
      assertThat(reader.size()).isEqualTo(2);
    }
  }

  private AssociationStore watched(BlockingQueue<String> told) throws IOException {
    return AssociationStore.builder(CLUSTER)
        .listener(
            new AssociationStoreListener() {
              @Override
              public void reloaded(int associations) {
                told.add("reloaded " + associations);
              }

              @Override
              public void damaged(DamagedStoreException damage) {
                told.add("damaged " + damage.line());
              }
            })
        .file(file());
  }

  private void replaceAtOnce(byte[] content) throws IOException {
    Path fresh = folder.resolve("fresh");
    Files.write(fresh, content);
    Files.move(fresh, file(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
  }

  private static String withoutChecksum(String line) {
    return line.substring(line.indexOf(' ') + 1);
  }

  private static String next(BlockingQueue<String> told) throws InterruptedException {
    return told.poll(20, TimeUnit.SECONDS);
  }
}
