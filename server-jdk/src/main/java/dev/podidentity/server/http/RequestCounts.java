package dev.podidentity.server.http;

/**
 * What the clients of a server do, at one moment.
 *
 * @param underWay requests that have a thread
 * @param waiting requests that wait for one
 * @param held requests that wait for their answer without a thread
 * @param begun requests that were taken over from the connections' thread until now
 * @param dropped connections that were closed until now because others needed the room
 * @param outOfThreads whether the last thread that was needed could not be started
 */
public record RequestCounts(
    int underWay, int waiting, int held, long begun, long dropped, boolean outOfThreads) {}
