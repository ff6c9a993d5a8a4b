package dev.podidentity.server.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How much memory the container of this process may take. */
final class ContainerMemory {
  /** As a container sees its own control group, of version 2 and 1. */
  private static final List<Path> LIMITS =
      List.of(
          Path.of("/sys/fs/cgroup/memory.max"),
          Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

  /** Version 1 writes "no limit" as a number; no container is given this much. */
  private static final long MOST = 1L << 50;

  private ContainerMemory() {}

  /** In bytes; {@link Long#MAX_VALUE} if there is no limit, or none is known. */
  static long limit() {
    return LIMITS.stream().mapToLong(ContainerMemory::read).min().orElse(Long.MAX_VALUE);
  }

  private static long read(Path file) {
    try {
      return parse(Files.readString(file));
    } catch (IOException e) {
      return Long.MAX_VALUE;
    }
  }

  /** Reads what such a file says. */
  static long parse(String text) {
    String number = text.strip();
    if (!number.matches("[0-9]{1,18}")) {
      return Long.MAX_VALUE;
    }
    long limit = Long.parseLong(number);
    return limit < MOST ? limit : Long.MAX_VALUE;
  }
}
