package dev.podidentity.association;

import java.util.concurrent.locks.ReentrantLock;

/** Keeps nothing beyond the process. */
final class MemoryJournal implements Journal {
  private final AssociationIndex index = new AssociationIndex();
  private final ReentrantLock lock = new ReentrantLock();

  @Override
  public AssociationIndex index() {
    return index;
  }

  @Override
  public void lock() {
    lock.lock();
  }

  @Override
  public void append(AssociationChange change) {
    index.apply(change);
  }

  @Override
  public void unlock() {
    lock.unlock();
  }

  @Override
  public void close() {}
}
