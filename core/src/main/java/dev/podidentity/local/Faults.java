package dev.podidentity.local;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The faults of a local cluster, switched on and off while it runs. Thread-safe. */
public final class Faults {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock; the annotation would be missed by whoever compiles against this class.
  private final List<Fault> active = new ArrayList<>();

  Faults() {}

  /** Switches a fault on; one of its kind that was on is replaced. */
  public void switchOn(Fault fault) {
    requireNonNull(fault, "fault");
    lock.lock();
    try {
      active.removeIf(fault.getClass()::isInstance);
      active.add(fault);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Switches a kind of fault off, if it was on. */
  public void switchOff(Class<? extends Fault> kind) {
    requireNonNull(kind, "kind");
    lock.lock();
    try {
      active.removeIf(kind::isInstance);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Switches everything off. */
  public void clear() {
    lock.lock();
    try {
      active.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What is switched on, in the order in which it was. */
  public List<Fault> active() {
    lock.lock();
    try {
      return List.copyOf(active);
    } finally {
      lock.unlock();
    }
  }

  /** The fault of a kind, if it is on. */
  public <F extends Fault> Optional<F> find(Class<F> kind) {
    return active().stream().filter(kind::isInstance).map(kind::cast).findFirst();
  }

  /** Waits until no fault of the kind is on. */
  public void awaitOff(Class<? extends Fault> kind) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (active.stream().anyMatch(kind::isInstance)) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }
}
