package dev.podidentity.awssdk.eksauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.podidentity.local.MovableClock;
import dev.podidentity.schedule.ManualScheduler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

/** A shared credentials file under the hands of whoever rotates it. */
class RotatedFileTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  // Behind the system's clock: a file counts as fresh until its time is set.
  private final MovableClock clock = MovableClock.startingAt(Instant.parse("2020-01-01T00:00:00Z"));
  private final ManualScheduler time = new ManualScheduler(clock);
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  @TempDir private Path folder;
  private Path file;
  private NodeCredentials credentials;

  @BeforeEach
  void open() {
    file = folder.resolve("credentials");
    credentials = NodeCredentials.rotatedFile(file, "default", clock, time);
    logger().setLevel(Level.INFO);
    logged.start();
    logger().addAppender(logged);
  }

  @AfterEach
  void close() {
    logger().detachAppender(logged);
    credentials.close();
  }

  @Test
  void takesTheKeysOfTheProfile() throws IOException {
    write("[other]\naws_access_key_id = AKIA0OTHER\n" + keys(1));

    assertThat(resolved()).isEqualTo(1);
  }

  @Test
  void takesLongLivedKeysWithoutASessionToken() throws IOException {
    write("[default]\naws_access_key_id = AKIA01\naws_secret_access_key = secret-1\n");

    assertThat(credentials.resolveCredentials())
        .isNotInstanceOf(AwsSessionCredentials.class)
        .returns("AKIA01", AwsCredentials::accessKeyId);
  }

  @Test
  void readsTheFileAgainAfterAMinute() throws IOException {
    write(keys(1));
    assertThat(resolved()).isEqualTo(1);
    write(keys(2));

    time.advance(MINUTE.minusSeconds(1));
    assertThat(resolved()).isEqualTo(1);
    time.advance(Duration.ofSeconds(1));
    assertThat(resolved()).isEqualTo(2);
  }

  @Test
  void readsTheFileAgainAfterTheClockWasSetBack() throws IOException {
    write(keys(1));
    assertThat(resolved()).isEqualTo(1);
    clock.advance(Duration.ofHours(-3));
    write(keys(2));
    time.advance(MINUTE);

    assertThat(resolved()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\u0000\u0001 no credentials file at all\n",
        "[default\naws_access_key_id = ASIA2\n",
        "[default]\naws_access_key_id = ASIA2\naws_secret_access_key = secret-2\n",
        "[default]\naws_access_key_id = ASIA2\n",
        "[default]\naws_access_key_id =\naws_secret_access_key =\n",
        "[other]\naws_access_key_id = AKIA2\naws_secret_access_key = secret-2\n",
        "[default]\ncredential_process = echo\n",
        "[default]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = other\n"
      })
  void keepsTheLastGoodKeysWhileTheFileIsOfNoUse(String content) throws IOException {
    write(keys(1));
    assertThat(resolved()).isEqualTo(1);
    write(content);
    time.advance(MINUTE);

    assertThat(resolved()).isEqualTo(1);
  }

  @Test
  void keepsTheLastGoodKeysWhileThereIsNoFile() throws IOException {
    write(keys(1));
    assertThat(resolved()).isEqualTo(1);
    Files.delete(file);
    time.advance(MINUTE);

    assertThat(resolved()).isEqualTo(1);
    write(keys(2));
    time.advance(MINUTE);
    assertThat(resolved()).isEqualTo(2);
  }

  @Test
  void saysOnceThatTheFileIsOfNoUseAndOnceThatItIsBack() throws IOException {
    write(keys(1));
    credentials.resolveCredentials();
    Files.move(file, folder.resolve("away"));
    for (int minute = 0; minute < 5; minute++) {
      time.advance(MINUTE);
      credentials.resolveCredentials();
    }
    Files.move(folder.resolve("away"), file);
    time.advance(MINUTE);
    credentials.resolveCredentials();

    assertThat(logged.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .satisfiesExactly(
            read -> assertThat(read).contains("credentials were read"),
            gone -> assertThat(gone).contains("keeps its last good credentials"),
            back -> assertThat(back).contains("as it was before"));
    assertThat(logged.list.get(1).getKeyValuePairs().toString()).contains("does not exist");
  }

  @Test
  void logsNoSecret() throws IOException {
    write(keys(1));
    credentials.resolveCredentials();
    write("[default]\naws_secret_access_key secret-2\n");
    time.advance(MINUTE);
    credentials.resolveCredentials();

    assertThat(logged.list)
        .hasSize(2)
        .allSatisfy(event -> assertThat(event.getThrowableProxy()).isNull())
        .noneMatch(event -> event.toString().contains("secret-"))
        .noneMatch(event -> event.getKeyValuePairs().toString().contains("secret-"));
  }

  @Test
  void neverFallsThroughToAnotherSource() {
    System.setProperty("aws.accessKeyId", "AKIA0PROPERTY");
    System.setProperty("aws.secretAccessKey", "of-the-system-properties");
    try {
      assertThatThrownBy(credentials::resolveCredentials)
          .isInstanceOf(SdkClientException.class)
          .hasMessageContaining("--rotate-credentials")
          .hasMessageContaining("AWS_SHARED_CREDENTIALS_FILE");
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }

  @Test
  void looksEverySecondForTheFirstKeys() throws IOException {
    assertThatThrownBy(credentials::resolveCredentials).isInstanceOf(SdkClientException.class);
    write(keys(1));
    assertThatThrownBy(credentials::resolveCredentials).isInstanceOf(SdkClientException.class);

    time.advance(Duration.ofSeconds(1));
    assertThat(resolved()).isEqualTo(1);
  }

  @Test
  void takesAFileOnceItHasBeenLeftAlone() throws IOException {
    write(keys(1));
    assertThat(resolved()).isEqualTo(1);
    time.advance(MINUTE);
    Files.writeString(file, keys(2));
    assertThat(resolved()).isEqualTo(1);

    time.advance(Duration.ofSeconds(1));
    assertThat(resolved()).isEqualTo(1);
    time.advance(Duration.ofSeconds(1));
    assertThat(resolved()).isEqualTo(2);
  }

  @Test
  void waitsLongerForTheEndOfTheLastLine() throws IOException {
    write(keys(1));
    assertThat(resolved()).isEqualTo(1);
    time.advance(MINUTE);
    write(keys(2).stripTrailing());
    time.advance(Duration.ofSeconds(50));
    assertThat(resolved()).isEqualTo(1);

    time.advance(Duration.ofSeconds(10));
    assertThat(resolved()).isEqualTo(2);
  }

  @Test
  void refusesAFileThatIsTooLarge() throws IOException {
    write(keys(1) + "#".repeat(1024 * 1024) + "\n");

    assertThatThrownBy(credentials::resolveCredentials).isInstanceOf(SdkClientException.class);
    assertThat(logged.list.get(0).getKeyValuePairs().toString()).contains("larger than any");
  }

  @Test
  void answersNoHalfWrittenKeysWhereverTheWriterPauses() throws IOException {
    write(keys(100));
    assertThat(resolved()).isEqualTo(100);
    byte[] next = keys(101).getBytes(StandardCharsets.UTF_8);

    for (int length = 0; length < next.length; length++) {
      Files.write(file, Arrays.copyOf(next, length));
      time.advance(Duration.ofSeconds(61));
      assertThat(resolved()).isEqualTo(100);
    }
  }

  @Test
  void answersWholeKeysWhileTheFileIsRotatedUnderLoad() throws Exception {
    int rotations = 200;
    write(keys(0));
    assertThat(resolved()).isZero();
    var wrong = new AtomicReference<AssertionError>();
    var newest = new AtomicLong();
    var stop = new AtomicBoolean();
    var readers = new Thread[3];
    for (int i = 0; i < readers.length; i++) {
      readers[i] = new Thread(() -> readUntil(stop, newest, wrong), "reader-" + i);
      readers[i].start();
    }
    var random = new Random(7);
    for (int n = 1; n <= rotations; n++) {
      newest.set(n);
      rotate(n, random);
      assertThat(resolved()).isEqualTo(n);
    }
    stop.set(true);
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(wrong.get()).isNull();
  }

  // As writers do that know no better: the old content cut off, the new one in pieces.
  private void rotate(long n, Random random) throws IOException {
    byte[] content = keys(n).getBytes(StandardCharsets.UTF_8);
    Files.write(file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
    time.advance(MINUTE);
    for (int from = 0; from < content.length; ) {
      int to = Math.min(content.length, from + 1 + random.nextInt(60));
      Files.write(file, Arrays.copyOfRange(content, from, to), StandardOpenOption.APPEND);
      time.advance(Duration.ofSeconds(1));
      from = to;
    }
    // Whoever looks at the file meanwhile keeps the others from it: they get what there was.
    for (int look = 0; look < 100_000 && resolved() < n; look++) {
      time.advance(Duration.ofSeconds(1));
    }
  }

  private void readUntil(
      AtomicBoolean stop, AtomicLong newest, AtomicReference<AssertionError> wrong) {
    try {
      while (!stop.get()) {
        assertThat(resolved()).isLessThanOrEqualTo(newest.get());
      }
    } catch (AssertionError e) {
      wrong.set(e);
    }
  }

  private void write(String content) throws IOException {
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(clock.instant().minusSeconds(2)));
  }

  private static String keys(long n) {
    return """
        [default]
        aws_access_key_id = ASIA%d
        aws_secret_access_key = secret-%d-of-many-letters
        aws_session_token = token-%d-of-many-more-letters
        """
        .formatted(n, n, n);
  }

  /** Which keys were answered, all three of which must belong together. */
  private long resolved() {
    var answer = (AwsSessionCredentials) credentials.resolveCredentials();
    long n = Long.parseLong(answer.accessKeyId().substring("ASIA".length()));
    assertThat(answer.secretAccessKey()).isEqualTo("secret-%d-of-many-letters", n);
    assertThat(answer.sessionToken()).isEqualTo("token-%d-of-many-more-letters", n);
    return n;
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(RotatedFile.class);
  }
}
