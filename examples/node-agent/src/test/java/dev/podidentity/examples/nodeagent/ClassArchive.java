package dev.podidentity.examples.nodeagent;

import dev.podidentity.testing.TestJvm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The classes that the jar loads, archived once for all processes that a JVM's tests start: each
 * has half of its start done then.
 */
final class ClassArchive {
  private static final List<String> JAVA_WITH_IT =
      java("-XX:SharedArchiveFile=" + archiveOf(Path.of(NodeAgentJar.path())));

  private ClassArchive() {}

  /** {@code java} with its options, to which {@code -jar} and the jar belong. */
  static List<String> java() {
    return JAVA_WITH_IT;
  }

  private static List<String> java(String... more) {
    return Stream.concat(TestJvm.command().stream(), Stream.of(more)).toList();
  }

  private static Path archiveOf(Path jar) {
    Path archive = jar.resolveSibling("node-agent-" + Runtime.version() + ".jsa");
    // Several JVMs run tests at a time: the first one makes the archive, the others wait for it.
    Path lockFile = archive.resolveSibling(archive.getFileName() + ".lock");
    try (var channel =
        FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Given back with the channel.
      var unused = channel.lock();
      // A program that a test starts starts programs of its own, and finds what there is.
      if (!isOf(jar, archive)) {
        train(archive, jar);
      }
    } catch (IOException e) {
      throw new ExceptionInInitializerError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return archive;
  }

  private static boolean isOf(Path jar, Path archive) throws IOException {
    return Files.exists(archive)
        && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
  }

  private static void train(Path archive, Path jar) throws IOException, InterruptedException {
    var demo =
        NodeAgentJar.runCommand(
            java("-XX:ArchiveClassesAtExit=" + archive, "-jar", jar.toString(), "local", "--demo"));
    if (!isOf(jar, archive)) {
      throw new IOException("no archive of classes was made: " + demo);
    }
  }
}
