package dev.podidentity.association;

import java.io.IOException;

/** Keeps what a store holds, and its writers apart. */
interface Journal extends AutoCloseable {
  /** What is held now; to be asked for anew in every operation. */
  AssociationIndex index();

  /** Lets one writer in, and brings the index up to date; {@link #unlock} must follow. */
  void lock() throws IOException;

  /** Keeps a change and then shows it in the index. Only between lock and unlock. */
  void append(AssociationChange change) throws IOException;

  /** Lets the next writer in. */
  void unlock();

  @Override
  void close();
}
