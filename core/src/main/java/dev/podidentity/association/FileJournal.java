package dev.podidentity.association;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.storage.DurableFile;
import dev.podidentity.storage.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps changes as lines of a file, each on disk before it is shown, and follows what others write
 * to it. When half of the lines are superseded the file is written anew, beside the old one, and
 * takes its place.
 */
final class FileJournal implements Journal {
  private static final Logger log = LoggerFactory.getLogger(FileJournal.class);

  private final Path path;
  private final Path folder;
  private final Path name;
  private final DurableFile file;
  private final AssociationStoreBuilder settings;
  private final WriterLock writer;
  private final ReentrantLock state = new ReentrantLock();
  private @Nullable FolderWatch watch;

  @GuardedBy("state")
  private JournalReader reader;

  @GuardedBy("state")
  private DurableFile.@Nullable Stamp seen;

  @GuardedBy("state")
  private @Nullable DamagedStoreException damage;

  /** Whether the listener is still to be told of what others changed. */
  @GuardedBy("state")
  private boolean untold;

  private volatile AssociationIndex index;

  private FileJournal(Path folder, Path name, AssociationStoreBuilder settings) {
    this.path = folder.resolve(name);
    this.folder = folder;
    this.name = name;
    this.file = new DurableFile(path, folder);
    this.settings = settings;
    this.writer = new WriterLock(folder.resolve(name + ".lock"));
    this.reader = new JournalReader(path, settings.cluster);
    this.index = reader.index();
  }

  /** Opens a file, or makes it. */
  static FileJournal open(Path path, AssociationStoreBuilder settings) throws IOException {
    Path absolute = path.toAbsolutePath();
    Path name = absolute.getFileName();
    Path parent = absolute.getParent();
    if (name == null || parent == null) {
      throw new NoSuchFileException(path.toString(), null, "is no file");
    }
    Path folder = OwnerOnly.createFolder(parent).toRealPath();
    var journal = new FileJournal(folder, name, settings);
    journal.start();
    return journal;
  }

  private void start() throws IOException {
    watch = FolderWatch.start(folder, name, this::refresh);
    boolean started = false;
    try {
      writer.lock();
      try {
        if (!Files.exists(path)) {
          file.replace(out -> out.write(JournalLine.header(settings.cluster).getBytes(UTF_8)));
        }
        catchUp();
        started = true;
      } finally {
        writer.unlock();
      }
    } finally {
      if (!started) {
        close();
      }
    }
  }

  @Override
  public AssociationIndex index() {
    return index;
  }

  @Override
  public void lock() throws IOException {
    writer.lock();
    boolean current = false;
    try {
      catchUp();
      current = true;
    } finally {
      if (!current) {
        writer.unlock();
      }
    }
  }

  @Override
  public void unlock() {
    writer.unlock();
  }

  @Override
  public void append(AssociationChange change) throws IOException {
    state.lock();
    try {
      String line = (reader.endsInLine() ? "\n" : "") + JournalLine.of(change);
      byte[] bytes = line.getBytes(UTF_8);
      file.write(reader.length(), bytes);
      reader.appended(bytes, change);
      if (reader.garbage() > Math.max(settings.minGarbage, reader.index().size())) {
        compact();
      }
      seen = file.stamp();
    } finally {
      state.unlock();
    }
  }

  // The change is kept already: a file that cannot be written anew is merely longer than need be.
  @GuardedBy("state")
  private void compact() {
    List<StoredAssociation> all = reader.index().all().toList();
    try {
      file.replace(
          out -> {
            out.write(JournalLine.header(settings.cluster).getBytes(UTF_8));
            for (StoredAssociation stored : all) {
              out.write(JournalLine.of(new AssociationChange.Put(stored)).getBytes(UTF_8));
            }
          });
      var fresh = new JournalReader(path, settings.cluster);
      fresh.read(Files.readAllBytes(path));
      reader = fresh;
      index = fresh.index();
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("file", path)
          .addKeyValue("cause", e.toString())
          .log("The file of associations could not be written anew: it goes on growing");
    }
  }

  // Every change comes past here, also one that a write came upon first.
  private void refresh() {
    try {
      catchUp();
    } catch (DamagedStoreException e) {
      log.atDebug().log("The file is damaged, and whoever listens is told");
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("file", path)
          .addKeyValue("cause", e.toString())
          .log("The file of associations cannot be read: what was read before stays in use");
    }
    tell();
  }

  /** Brings the index up to date, if the file is not what it was. */
  private void catchUp() throws IOException {
    state.lock();
    try {
      DurableFile.Stamp now = file.stamp();
      if (!now.equals(seen)) {
        untold = seen != null;
        read(Files.readAllBytes(path));
        seen = now;
      }
      if (damage != null) {
        throw damage;
      }
    } finally {
      state.unlock();
    }
  }

  @GuardedBy("state")
  private void read(byte[] bytes) {
    try {
      if (damage == null && reader.length() > 0 && reader.isContinuedBy(bytes)) {
        reader.read(bytes);
      } else {
        var fresh = new JournalReader(path, settings.cluster);
        fresh.read(bytes);
        reader = fresh;
        index = fresh.index();
      }
      damage = null;
    } catch (DamagedStoreException e) {
      damage = e;
    }
  }

  private void tell() {
    DamagedStoreException bad;
    state.lock();
    try {
      if (!untold) {
        return;
      }
      untold = false;
      bad = damage;
    } finally {
      state.unlock();
    }
    try {
      if (bad != null) {
        log.atWarn().addKeyValue("file", path).log("{}", bad.getMessage());
        settings.listener.damaged(bad);
      } else {
        settings.listener.reloaded(index.size());
      }
    } catch (RuntimeException e) {
      log.atWarn().setCause(e).log("A listener of the associations failed");
    }
  }

  @Override
  public void close() {
    if (watch != null) {
      watch.close();
    }
  }
}
