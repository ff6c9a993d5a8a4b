package dev.podidentity.server.http;

/**
 * How many clients fit into this process' memory, whatever they send. Half of the heap is for
 * requests that are being read, a sixteenth for connections on which nothing more is asked. Where
 * each request has a platform thread, their stacks fit into what the container has beside the heap.
 *
 * @param heap the heap, as large as it may get
 * @param outsideOfHeap what the container has beside it; {@link Long#MAX_VALUE} without a limit
 * @param platformThreads whether each request has a platform thread
 */
public record MemoryBudget(long heap, long outsideOfHeap, boolean platformThreads) {
  private static final int KIB = 1024;

  /** The JDK's server keeps four buffers for a connection that a request came on. */
  private static final int OF_A_CONNECTION = 32 * KIB;

  /** Those, and the longest headers that are read, as characters in an array that doubles. */
  private static final int OF_A_REQUEST = 80 * KIB;

  /** Before the first byte of a request there are no buffers. */
  private static final int OF_A_SILENT_CONNECTION = 1740;

  /** Virtual threads have their stacks on the heap, anew whenever they have waited. */
  private static final int OF_A_REQUEST_ON_A_VIRTUAL_THREAD = 128 * KIB;

  /** What the JVM itself takes outside of the heap: classes, compiled code, its own threads. */
  private static final long OF_THE_JVM = 80L * KIB * KIB;

  /** What a thread takes outside of the heap: the part of its stack that was used, and buffers. */
  private static final int OF_A_THREAD = 112 * KIB;

  /** What a node's pods need at once. */
  private static final int LEAST = 128;

  private static final int LEAST_KEPT = 32;

  /** The budget of this process, in its container. */
  public static MemoryBudget ofThisProcess() {
    return ofContainer(ContainerMemory.limit());
  }

  /** The budget of this process in a container of so many bytes. */
  public static MemoryBudget ofContainer(long limit) {
    long heap = Runtime.getRuntime().maxMemory();
    long outside = limit == Long.MAX_VALUE ? limit : Math.max(0, limit - heap);
    return new MemoryBudget(heap, outside, !RequestExecutors.hasVirtualThreads());
  }

  /**
   * How many connections each listener keeps while nothing is asked on them.
   *
   * @param enough how many are enough for all listeners together
   */
  int connections(int enough, int listeners) {
    long fit = Math.max(LEAST, Math.min(enough, heap / 16 / OF_A_CONNECTION));
    return (int) Math.max(LEAST_KEPT, fit / listeners);
  }

  /**
   * How many connections each listener has at most: silent ones leave three eighths of the heap.
   */
  int silentConnections(int listeners) {
    return (int) Math.min(Integer.MAX_VALUE, heap / 8 * 5 / OF_A_SILENT_CONNECTION / listeners);
  }

  /** How many requests are read, answered and written at once, where so many are enough. */
  public int requests(int enough) {
    int bytes = platformThreads ? OF_A_REQUEST : OF_A_REQUEST_ON_A_VIRTUAL_THREAD;
    long fit = Math.min(heap / 2 / bytes, threads());
    return (int) Math.max(LEAST, Math.min(enough, fit));
  }

  private long threads() {
    return platformThreads && outsideOfHeap != Long.MAX_VALUE
        ? (outsideOfHeap - OF_THE_JVM) / OF_A_THREAD
        : Long.MAX_VALUE;
  }
}
