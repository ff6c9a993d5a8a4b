package dev.podidentity.server.http;

/**
 * What the listeners of one endpoint may take together.
 *
 * @param requests how many requests are read, answered and written at once
 * @param waiting how many wait for that; connections past them are closed
 * @param listenersOfProcess on how many addresses that clients can flood the process listens
 */
public record ServerLimits(int requests, int waiting, int listenersOfProcess) {}
