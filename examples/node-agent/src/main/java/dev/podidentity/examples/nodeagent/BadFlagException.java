package dev.podidentity.examples.nodeagent;

import java.util.function.Supplier;

/** A flag whose value could be read, and makes no sense. */
final class BadFlagException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int MAX_PORT = 65_535;

  private final String flag;

  /**
   * Refuses a flag.
   *
   * @param flag the long name, such as {@code --port}
   * @param problem what is wrong and what to do, to be read behind the name
   */
  BadFlagException(String flag, String problem) {
    super(flag + " " + problem);
    this.flag = flag;
  }

  String flag() {
    return flag;
  }

  /**
   * What the supplier gives.
   *
   * @throws BadFlagException if it does not like its arguments
   */
  static <T> T check(String flag, Supplier<T> value) {
    try {
      return value.get();
    } catch (BadFlagException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      var bad = new BadFlagException(flag, "cannot be used: " + e.getMessage());
      bad.initCause(e);
      throw bad;
    }
  }

  static int atLeast(int least, String flag, int value) {
    if (value < least) {
      throw new BadFlagException(flag, "is " + value + ": write " + least + " or more");
    }
    return value;
  }

  static int port(String flag, int port) {
    if (port < 0 || port > MAX_PORT) {
      throw new BadFlagException(flag, "is " + port + ": write a port from 0 to " + MAX_PORT);
    }
    return port;
  }
}
