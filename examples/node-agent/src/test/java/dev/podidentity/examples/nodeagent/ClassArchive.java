package dev.podidentity.examples.nodeagent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The classes that the jar loads, archived once for all processes that a JVM's tests start: each
 * has half of its start done then, and the quick compiler does the rest, as in the image.
 */
final class ClassArchive {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
  private static final String QUICK = "-XX:TieredStopAtLevel=1";
  private static final long PATIENCE_SECONDS = 120;

  private ClassArchive() {}

  /** {@code java} with its options, to which {@code -jar} and the jar belong. */
  static List<String> java() {
    return Made.JAVA_WITH_IT;
  }

  private static final class Made {
    static final List<String> JAVA_WITH_IT = make(Path.of(NodeAgentJar.path()));

    private static List<String> make(Path jar) {
      Path archive = jar.resolveSibling("node-agent-" + Runtime.version() + ".jsa");
      try {
        if (!isOf(jar, archive)) {
          train(archive, jar);
        }
      } catch (IOException e) {
        throw new ExceptionInInitializerError(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
      return List.of(JAVA.toString(), QUICK, "-XX:SharedArchiveFile=" + archive);
    }

    // A program that a test starts may have started programs of its own.
    private static boolean isOf(Path jar, Path archive) throws IOException {
      return Files.exists(archive)
          && Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) > 0;
    }

    private static void train(Path archive, Path jar) throws IOException, InterruptedException {
      Files.deleteIfExists(archive);
      Path log = archive.resolveSibling(archive.getFileName() + ".log");
      Process demo =
          new ProcessBuilder(
                  JAVA.toString(),
                  QUICK,
                  "-XX:ArchiveClassesAtExit=" + archive,
                  "-jar",
                  jar.toString(),
                  "local",
                  "--demo")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (!demo.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        demo.destroyForcibly();
      }
      if (!Files.exists(archive)) {
        throw new IOException("no archive of classes was made: see " + log);
      }
    }
  }
}
