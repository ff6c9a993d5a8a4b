package dev.podidentity.association;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of every change of one file, on a thread of its own. */
final class FolderWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FolderWatch.class);

  private final WatchService service;

  private FolderWatch(WatchService service) {
    this.service = service;
  }

  /** Watches from now on; whatever changes after this has returned is told. */
  static FolderWatch start(Path folder, Path name, Runnable changed) throws IOException {
    WatchService service = folder.getFileSystem().newWatchService();
    folder.register(
        service,
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE);
    var thread = new Thread(() -> watch(service, name, changed), "pod-identity-associations");
    thread.setDaemon(true);
    thread.start();
    return new FolderWatch(service);
  }

  private static void watch(WatchService service, Path name, Runnable changed) {
    try {
      boolean valid = true;
      while (valid) {
        WatchKey key = service.take();
        boolean concerned = key.pollEvents().stream().anyMatch(event -> isOf(name, event));
        valid = key.reset();
        if (concerned) {
          changed.run();
        }
      }
      log.atWarn()
          .addKeyValue("file", name)
          .log("The folder of the associations is gone: changes are no longer seen");
    } catch (ClosedWatchServiceException e) {
      log.atDebug().addKeyValue("file", name).log("No longer watching");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isOf(Path name, WatchEvent<?> event) {
    return event.kind() == StandardWatchEventKinds.OVERFLOW || name.equals(event.context());
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      log.atDebug().setCause(e).log("The watch could not be closed");
    }
  }
}
