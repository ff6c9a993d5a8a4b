package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file of associations that is not what a store writes. What comes before the damage can be read,
 * but is not trusted: a later line might have deleted any of it.
 */
public final class DamagedStoreException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int line;
  private final transient List<PodIdentityAssociation> before;

  DamagedStoreException(Path file, int line, String what, List<PodIdentityAssociation> before) {
    super(
        "The associations in "
            + requireNonNull(file, "file")
            + " cannot be trusted: line "
            + line
            + " "
            + what
            + ". "
            + before.size()
            + " associations were read before it. Put the file back from a backup, correct the"
            + " line, or move the file away to start anew");
    this.line = line;
    this.before = List.copyOf(before);
  }

  /** The line that is damaged; the first is 1. */
  public int line() {
    return line;
  }

  /** The associations as of the line before, to start a repair from; empty when deserialised. */
  public List<PodIdentityAssociation> before() {
    return before == null ? List.of() : before;
  }
}
