package dev.podidentity.association;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Reads a journal's bytes, all of them or those that came since the last time. An unfinished last
 * line is what a writer left that was killed: nobody was told that it is kept, so it is passed
 * over.
 */
final class JournalReader {
  private final Path file;
  private final ClusterArn cluster;
  private final AssociationIndex index;
  private final CRC32C readSoFar = new CRC32C();
  private int length;
  private int lines;
  private int lineBreaks;
  private boolean endsInLine;

  JournalReader(Path file, ClusterArn cluster) {
    this.file = file;
    this.cluster = cluster;
    this.index = new AssociationIndex();
  }

  AssociationIndex index() {
    return index;
  }

  /** How many bytes are read and good. */
  int length() {
    return length;
  }

  /** How many lines are superseded by later ones. */
  int garbage() {
    return lines - 1 - index.size();
  }

  /** Whether a line break is missing at the end of what is good. */
  boolean endsInLine() {
    return endsInLine;
  }

  /** Whether these bytes start with all that was read before. */
  boolean isContinuedBy(byte[] bytes) {
    if (bytes.length < length) {
      return false;
    }
    var prefix = new CRC32C();
    prefix.update(bytes, 0, length);
    return prefix.getValue() == readSoFar.getValue();
  }

  /** Takes in what follows the good bytes. */
  void read(byte[] bytes) throws DamagedStoreException {
    int start = length;
    for (int i = start; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        if (i > start) {
          accept(new String(bytes, start, i - start, UTF_8));
        }
        lineBreaks++;
        advance(bytes, i + 1, false);
        start = i + 1;
      }
    }
    if (start < bytes.length) {
      acceptLast(bytes, new String(bytes, start, bytes.length - start, UTF_8));
    }
    if (lines == 0) {
      throw damaged(1, "is missing: the file is empty");
    }
  }

  private void acceptLast(byte[] bytes, String line) throws DamagedStoreException {
    try {
      accept(line);
    } catch (DamagedStoreException e) {
      if (JournalLine.isHandwritten(line)) {
        throw e;
      }
      return;
    }
    advance(bytes, bytes.length, true);
  }

  private void advance(byte[] bytes, int end, boolean inLine) {
    readSoFar.update(bytes, length, end - length);
    length = end;
    endsInLine = inLine;
  }

  /** Takes in a line that this process wrote itself. */
  void appended(byte[] written, AssociationChange change) {
    readSoFar.update(written, 0, written.length);
    length += written.length;
    lines++;
    lineBreaks++;
    endsInLine = false;
    index.apply(change);
  }

  private void accept(String line) throws DamagedStoreException {
    try {
      if (lines == 0) {
        JournalLine.requireHeader(line, cluster);
      } else {
        AssociationChange change = JournalLine.parse(line);
        if (change instanceof AssociationChange.Put put) {
          requireAllowed(put.stored());
        }
        index.apply(change);
      }
    } catch (IllegalArgumentException e) {
      throw damaged(lineBreaks + 1, String.valueOf(e.getMessage()));
    }
    lines++;
  }

  private void requireAllowed(StoredAssociation stored) {
    if (!stored.association().cluster().equals(cluster)) {
      throw new IllegalArgumentException(
          "holds an association of cluster " + stored.association().cluster());
    }
    StoredAssociation sameAccount = index.find(stored.serviceAccount());
    StoredAssociation sameId = index.find(stored.id());
    if (sameAccount != null && !sameAccount.id().equals(stored.id())) {
      throw new IllegalArgumentException(
          "holds a second association of service account " + stored.serviceAccount());
    }
    if (sameId != null && !sameId.serviceAccount().equals(stored.serviceAccount())) {
      throw new IllegalArgumentException("moves " + stored.id() + " to another service account");
    }
  }

  private DamagedStoreException damaged(int line, String what) {
    return new DamagedStoreException(
        file, line, what, index.all().map(StoredAssociation::association).toList());
  }
}
