package dev.podidentity.awssdk.eksauth;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.awssdk.eksauth.SharedCredentialsFile.Content;
import dev.podidentity.schedule.Ticker;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** The last good keys of a file that something else rotates. Thread-safe. */
final class RotatedFile implements AwsCredentialsProvider {
  private static final Logger log = LoggerFactory.getLogger(RotatedFile.class);

  static final Duration LOOK_EVERY = Duration.ofMinutes(1);
  static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
  static final Duration AT_REST = Duration.ofSeconds(2);
  static final Duration AT_REST_WITHOUT_END = Duration.ofMinutes(1);

  private final SharedCredentialsFile file;
  private final Clock clock;
  private final Ticker ticker;
  private final ReentrantLock looking = new ReentrantLock();

  private volatile @Nullable AwsCredentials lastGood;
  private volatile boolean looked;
  private volatile long nextLook;

  @GuardedBy("looking")
  private @Nullable Content taken;

  @GuardedBy("looking")
  private @Nullable Content seen;

  /** Since when {@code seen} has been there, by the ticker. */
  @GuardedBy("looking")
  private long seenSince;

  @GuardedBy("looking")
  private boolean failing;

  RotatedFile(SharedCredentialsFile file, Clock clock, Ticker ticker) {
    this.ticker = ticker;
    this.file = file;
    this.clock = clock;
  }

  @Override
  public AwsCredentials resolveCredentials() {
    if (isDue(ticker.read())) {
      look();
    }
    AwsCredentials credentials = lastGood;
    if (credentials == null) {
      throw SdkClientException.create("There are no keys in " + file + " yet: see the log");
    }
    return credentials;
  }

  private boolean isDue(long now) {
    return !looked || now - nextLook >= 0;
  }

  // Whoever has keys does not wait for somebody else's look at the disk.
  private void look() {
    if (lastGood == null) {
      looking.lock();
    } else if (!looking.tryLock()) {
      return;
    }
    try {
      long now = ticker.read();
      if (isDue(now)) {
        Duration wait = takeWhatIsThere() ? LOOK_EVERY : LOOK_AGAIN;
        nextLook = now + wait.toNanos();
        looked = true;
      }
    } finally {
      looking.unlock();
    }
  }

  @GuardedBy("looking")
  private boolean takeWhatIsThere() {
    try {
      Instant before = clock.instant();
      long ticks = ticker.read();
      Content content = file.read();
      if (taken != null && content.sameAs(taken)) {
        recovered();
        return true;
      }
      AwsCredentials credentials = file.parse(content);
      if (!atRest(content, before, ticks)) {
        return false;
      }
      lastGood = credentials;
      taken = content;
      log.atInfo()
          .addKeyValue("file", file)
          .addKeyValue("accessKeyId", credentials.accessKeyId())
          .log("The agent's own credentials were read");
      failing = false;
      return true;
    } catch (IOException e) {
      failed(e);
      return false;
    }
  }

  // What is in the middle of being written may look whole: a secret cut short is still a secret.
  @GuardedBy("looking")
  private boolean atRest(Content content, Instant before, long ticks) {
    Duration rest = content.lastLineHasAnEnd() ? AT_REST : AT_REST_WITHOUT_END;
    if (!content.modified().isAfter(before.minus(rest))) {
      return true;
    }
    if (seen == null || !content.sameAs(seen)) {
      seen = content;
      seenSince = ticker.read();
    }
    return ticks - seenSince >= rest.toNanos();
  }

  @GuardedBy("looking")
  private void failed(IOException e) {
    if (!failing) {
      failing = true;
      log.atWarn()
          .addKeyValue("reason", e.getMessage())
          .log(
              lastGood == null
                  ? "The agent has no credentials of its own yet: the shared credentials file is"
                      + " of no use"
                  : "The agent keeps its last good credentials: the shared credentials file is of"
                      + " no use");
    }
  }

  @GuardedBy("looking")
  private void recovered() {
    if (failing) {
      failing = false;
      log.atInfo().addKeyValue("file", file).log("The shared credentials file is as it was before");
    }
  }
}
