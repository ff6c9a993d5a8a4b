package dev.podidentity.server.http;

/**
 * How many clients fit into this process' heap, whatever they send: half of it is for requests that
 * are being read, a sixteenth for connections on which nothing more is asked.
 *
 * @param bytes the heap, as large as it may get
 */
record HeapBudget(long bytes) {
  private static final int KIB = 1024;

  /** The JDK's server keeps four buffers for a connection that a request came on. */
  private static final int OF_A_CONNECTION = 32 * KIB;

  /** Those, and the longest headers that are read, as characters in an array that doubles. */
  private static final int OF_A_REQUEST = 80 * KIB;

  /** What a node's pods need at once. */
  private static final int LEAST = 128;

  static HeapBudget ofThisProcess() {
    return new HeapBudget(Runtime.getRuntime().maxMemory());
  }

  /** How many connections are kept while nothing is asked on them, where so many are enough. */
  int connections(int enough) {
    return within(bytes / 16 / OF_A_CONNECTION, enough);
  }

  /** How many requests are read, answered and written at once, where so many are enough. */
  int requests(int enough) {
    return within(bytes / 2 / OF_A_REQUEST, enough);
  }

  private static int within(long fit, int enough) {
    return (int) Math.max(LEAST, Math.min(enough, fit));
  }
}
