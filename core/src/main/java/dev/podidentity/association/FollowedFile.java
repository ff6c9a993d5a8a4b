package dev.podidentity.association;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.storage.DurableFile;
import dev.podidentity.storage.DurableFile.Stamp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a journal that something else writes, wherever it is mounted: beside it nothing is written,
 * and it is looked at, at most once a second, when somebody asks. What is there counts once it has
 * been left alone for 2 seconds, since the first half of a file looks like a whole one: by its time
 * of modification, or, whatever that says, by how long it has been seen unchanged.
 */
final class FollowedFile implements Journal {
  private static final Logger log = LoggerFactory.getLogger(FollowedFile.class);

  private static final Duration LOOK_INTERVAL = Duration.ofSeconds(1);
  private static final Duration SETTLING = Duration.ofSeconds(2);
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  private final Path path;
  private final DurableFile file;
  private final ClusterArn cluster;
  private final Clock clock;
  private final Ticker ticker;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile AssociationIndex index;
  private volatile long lookedAt;

  /** Of what is in use. */
  @GuardedBy("looking")
  private Stamp taken;

  /** Of what was there at the last look. */
  @GuardedBy("looking")
  private Stamp seen;

  /** Since when it has been there, by the ticker. */
  @GuardedBy("looking")
  private long seenSince;

  @GuardedBy("looking")
  private boolean failing;

  private FollowedFile(Path path, DurableFile file, ClusterArn cluster, Clock clock, Ticker ticker)
      throws IOException {
    this.path = path;
    this.file = file;
    this.cluster = cluster;
    this.clock = clock;
    this.ticker = ticker;
    this.lookedAt = ticker.read();
    this.seenSince = lookedAt;
    this.seen = file.stamp();
    this.taken = seen;
    this.index = read();
  }

  /** A store of what is in the file. */
  static AssociationStore store(Path path, Clock clock, Ticker ticker) throws IOException {
    Path absolute = path.toAbsolutePath();
    Path folder = absolute.getParent();
    if (folder == null) {
      throw new IOException(path + " is no file");
    }
    ClusterArn cluster = clusterOf(absolute);
    var file = new DurableFile(absolute, folder);
    var followed = new FollowedFile(absolute, file, cluster, clock, ticker);
    return new JournaledAssociationStore(AssociationStore.builder(cluster), followed);
  }

  private static ClusterArn clusterOf(Path path) throws IOException {
    try (var lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
      return JournalLine.cluster(String.valueOf(lines.readLine()));
    } catch (IllegalArgumentException e) {
      throw new DamagedStoreException(path, 1, String.valueOf(e.getMessage()), List.of());
    }
  }

  @Override
  public AssociationIndex index() {
    long now = ticker.read();
    if (now - lookedAt >= LOOK_INTERVAL.toNanos() && looking.tryLock()) {
      try {
        look(now);
      } finally {
        looking.unlock();
      }
    }
    return index;
  }

  @GuardedBy("looking")
  private void look(long now) {
    lookedAt = now;
    try {
      Stamp stamp = file.stamp();
      if (!stamp.equals(seen)) {
        seen = stamp;
        seenSince = now;
      }
      if (!stamp.equals(taken) && isAtRest(stamp, now)) {
        index = read();
        taken = stamp;
        log.atInfo()
            .addKeyValue("file", path)
            .addKeyValue("associations", index.size())
            .log("The file of associations has changed and was read again");
      }
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        log.atWarn()
            .addKeyValue("file", path)
            .addKeyValue("cause", e.toString())
            .log("The file of associations cannot be read: what was read before stays in use");
      }
      failing = true;
    }
  }

  @GuardedBy("looking")
  private boolean isAtRest(Stamp stamp, long now) {
    return now - seenSince >= SETTLING.toNanos()
        || !stamp.modified().toInstant().plus(SETTLING).isAfter(clock.instant());
  }

  private AssociationIndex read() throws IOException {
    if (Files.size(path) > MAX_BYTES) {
      throw new IOException(path + " is larger than " + MAX_BYTES + " bytes");
    }
    var reader = new JournalReader(path, cluster);
    reader.read(Files.readAllBytes(path));
    return reader.index();
  }

  @Override
  public void lock() throws IOException {
    throw new IOException(path + " was opened for reading only");
  }

  @Override
  public void append(AssociationChange change) throws IOException {
    lock();
  }

  @Override
  public void unlock() {}

  @Override
  public void close() {}
}
