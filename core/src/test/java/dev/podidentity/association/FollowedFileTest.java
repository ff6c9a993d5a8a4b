package dev.podidentity.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.podidentity.local.MovableClock;
import dev.podidentity.schedule.ManualScheduler;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowedFileTest {
  private static final ClusterArn CLUSTER = ClusterArn.of("us-west-2", "111122223333", "outside");
  private static final RoleArn ROLE = RoleArn.parse("arn:aws:iam::111122223333:role/a");
  private static final ServiceAccountRef FIRST = new ServiceAccountRef("shop", "first");
  private static final ServiceAccountRef SECOND = new ServiceAccountRef("shop", "second");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir private Path folder = Path.of("");
  private final MovableClock clock = MovableClock.startingAt(NOW);
  private final ManualScheduler time = new ManualScheduler(clock);

  private Path file() {
    return folder.resolve("associations.jsonl");
  }

  /** Writes as an agent's neighbour does, with the clock of the test. */
  private void write(ServiceAccountRef... accounts) throws IOException {
    Path elsewhere = Files.createTempDirectory(folder, "writer").resolve("associations.jsonl");
    try (var store = AssociationStore.builder(CLUSTER).file(elsewhere)) {
      for (ServiceAccountRef account : accounts) {
        store.create(account, ROLE);
      }
    }
    Files.write(file(), Files.readAllBytes(elsewhere));
    touch();
  }

  private void touch() throws IOException {
    Files.setLastModifiedTime(file(), FileTime.from(clock.instant()));
  }

  private void later(int seconds) {
    time.advance(Duration.ofSeconds(seconds));
  }

  @Test
  void takesTheClusterFromTheFile() throws IOException {
    write(FIRST);

    try (var store = AssociationStore.follow(file(), clock, time)) {
      assertThat(store.cluster()).isEqualTo(CLUSTER);
      assertThat(store.find(FIRST)).isPresent();
      assertThat(folder.resolve("associations.jsonl.lock")).doesNotExist();
    }
  }

  @Test
  void seesWhatOthersWriteOnceTheyHaveLeftItAlone() throws IOException {
    write(FIRST);
    try (var store = AssociationStore.follow(file(), clock, time)) {
      later(10);
      write(FIRST, SECOND);
      later(1);
      assertThat(store.find(SECOND)).isEmpty();

      later(2);

      assertThat(store.find(SECOND)).isPresent();
    }
  }

  @Test
  void seesAFileThatALinkNowLeadsTo() throws IOException {
    write(FIRST);
    Path before = Files.move(file(), folder.resolve("before"));
    Files.createSymbolicLink(file(), before);
    try (var store = AssociationStore.follow(file(), clock, time)) {
      Files.delete(file());
      write(SECOND);
      later(3);

      assertThat(store.find(FIRST)).isEmpty();
      assertThat(store.find(SECOND)).isPresent();
    }
  }

  @Test
  void goesOnWithWhatItHadWhileTheFileIsDamagedOrGone() throws IOException {
    write(FIRST);
    try (var store = AssociationStore.follow(file(), clock, time)) {
      Files.writeString(file(), "{\"not\":\"associations\"}\n");
      touch();
      later(3);
      assertThat(store.find(FIRST)).isPresent();

      Files.delete(file());
      later(3);
      assertThat(store.find(FIRST)).isPresent();

      write(SECOND);
      later(3);
      assertThat(store.find(SECOND)).isPresent();
    }
  }

  @Test
  void seesWhatIsDeletedAfterTheClockWasSetBack() throws IOException {
    write(FIRST, SECOND);
    try (var store = AssociationStore.follow(file(), clock, time)) {
      clock.advance(Duration.ofHours(-5));
      write(FIRST);
      later(3);

      assertThat(store.find(SECOND)).isEmpty();
    }
  }

  @Test
  void takesAFileWhoseTimeIsADayAheadOnceItStaysAsItIs() throws IOException {
    write(FIRST);
    try (var store = AssociationStore.follow(file(), clock, time)) {
      write(FIRST, SECOND);
      Files.setLastModifiedTime(file(), FileTime.from(clock.instant().plus(Duration.ofDays(1))));
      later(1);
      assertThat(store.find(SECOND)).isEmpty();
      later(2);

      assertThat(store.find(SECOND)).isPresent();
    }
  }

  @Test
  void readsTheFileThatTheDocsShow() throws IOException {
    String shown =
        Files.readString(Path.of("..", "docs", "outside-eks.md"))
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("{"))
            .collect(Collectors.joining("\n"));
    Files.writeString(file(), shown);

    try (var store = AssociationStore.follow(file(), clock, time)) {
      assertThat(store.find(new ServiceAccountRef("shop", "checkout"))).isPresent();
    }
  }

  @Test
  void isNotWrittenThroughIt() throws IOException {
    write(FIRST);
    try (var store = AssociationStore.follow(file(), clock, time)) {
      assertThatExceptionOfType(AssociationException.class)
          .isThrownBy(() -> store.create(SECOND, ROLE))
          .withMessageContaining("reading only");
      assertThat(store.find(SECOND)).isEmpty();
    }
  }

  @Test
  void isNotMadeWhereThereIsNone() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> AssociationStore.follow(file(), clock, time));
    assertThat(file()).doesNotExist();
  }

  @Test
  void saysThatAFileIsNone() throws IOException {
    Files.writeString(file(), "hello\n");

    assertThatExceptionOfType(DamagedStoreException.class)
        .isThrownBy(() -> AssociationStore.follow(file(), clock, time))
        .withMessageContaining("associations.jsonl");
  }
}
