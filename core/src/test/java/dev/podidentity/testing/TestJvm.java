package dev.podidentity.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How tests start a JVM of their own: the {@code java} that runs the tests, with the compiler and
 * the collector of the node agent's image. Such a process lives for seconds, and what the
 * optimizing compiler takes is more than what it gives. Options that follow take precedence.
 */
public final class TestJvm {
  private static final List<String> SHORT_LIVED =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-XX:+UseSerialGC",
          // Otherwise a JVM in another namespace with the same process id makes it print a warning.
          "-XX:-UsePerfData");

  private TestJvm() {}

  /** The start of its command line. */
  public static List<String> command() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SHORT_LIVED);
    return command;
  }

  /** The end of its command line: a main class on the class path of the tests. */
  public static List<String> program(Class<?> main, String... arguments) {
    var program = new ArrayList<>(List.of("-cp", System.getProperty("java.class.path")));
    program.add(main.getName());
    program.addAll(List.of(arguments));
    return program;
  }

  /**
   * The same, with RSA keys from the pool. They are the same keys as those of the first clusters in
   * the JVM that starts it.
   */
  public static List<String> programWithPooledKeys(Class<?> main, String... arguments) {
    var program = new ArrayList<String>();
    program.add("-D" + PooledRsaKeys.FOLDER + "=" + PooledRsaKeys.folder());
    program.addAll(program(TestJvm.class, main.getName()));
    program.addAll(List.of(arguments));
    return program;
  }

  /** Has RSA keys taken from the pool, and runs the main class that is named first. */
  public static void main(String[] args) throws ReflectiveOperationException {
    PooledRsaKeys.use();
    var main = Class.forName(args[0]).getDeclaredMethod("main", String[].class);
    main.setAccessible(true);
    main.invoke(null, (Object) Arrays.copyOfRange(args, 1, args.length));
  }
}
