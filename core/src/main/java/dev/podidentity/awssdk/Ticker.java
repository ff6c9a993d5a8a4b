package dev.podidentity.awssdk;

/** Time that only goes forward. Thread-safe. */
interface Ticker {
  long nanos();

  /** Something that waits for this time to pass, for one fetch. */
  Sleeper sleeper();

  static Ticker system() {
    return new Ticker() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public Sleeper sleeper() {
        return Sleeper.system();
      }
    };
  }
}
