package dev.podidentity.server;

import dev.podidentity.server.http.MemoryBudget;
import dev.podidentity.server.http.ServerLimits;

/**
 * What the HTTP servers of one process may take together. The pods' server has the most of it, and
 * each server of probes and metrics a small fixed part, so that clients of the one cannot take what
 * the others need. To be given to the builders of all servers of the process. Immutable.
 *
 * <p>The JDK's server bounds connections for each listener alone: those bounds are divided by the
 * number of listeners that clients can flood. They are system properties, which the first server of
 * the process sets for all.
 */
public final class ServerBudget {
  /** How many requests each server of probes and metrics answers at once: {@value}. */
  public static final int OPERATIONS_REQUESTS = 32;

  private static final int MAX_REQUESTS = 4096;

  /** One that waits takes little; one that is turned away comes again at once. */
  private static final int MAX_WAITING = 2048;

  /** A server for probes and one for metrics. */
  private static final int OPERATIONS_SERVERS = 2;

  private final int requests;
  private final int listeners;

  private ServerBudget(int requests, int listeners) {
    this.requests = requests;
    this.listeners = listeners;
  }

  /**
   * The budget that the heap and the container's memory allow.
   *
   * @param listeners on how many addresses the servers of this process listen for other machines
   *     and for pods, probes on loopback aside
   * @throws IllegalArgumentException if there is none
   */
  public static ServerBudget ofThisProcess(int listeners) {
    return of(MemoryBudget.ofThisProcess(), listeners);
  }

  /**
   * The budget of a container whose memory this process cannot find out.
   *
   * @param containerBytes the container's memory
   * @param listeners on how many addresses the servers of this process listen for other machines
   *     and for pods, probes on loopback aside
   * @throws IllegalArgumentException if there is none
   */
  public static ServerBudget ofContainer(long containerBytes, int listeners) {
    return of(MemoryBudget.ofContainer(containerBytes), listeners);
  }

  private static ServerBudget of(MemoryBudget memory, int listeners) {
    if (listeners < 1) {
      throw new IllegalArgumentException("listeners is " + listeners + ": write 1 or more");
    }
    int all = memory.requests(MAX_REQUESTS);
    return new ServerBudget(all - OPERATIONS_SERVERS * OPERATIONS_REQUESTS, listeners);
  }

  /** How many requests of pods are read, answered and written at once. */
  public int requests() {
    return requests;
  }

  /** On how many addresses the servers of this process listen, probes on loopback aside. */
  public int listeners() {
    return listeners;
  }

  /** What the pods' server may take; for the servers of this module. */
  @SuppressWarnings("exports")
  public ServerLimits forPods() {
    return new ServerLimits(requests, MAX_WAITING, listeners);
  }

  /** What a server of probes and metrics may take; for the servers of this module. */
  @SuppressWarnings("exports")
  public ServerLimits forOperations() {
    return new ServerLimits(OPERATIONS_REQUESTS, MAX_WAITING, listeners);
  }
}
