package dev.podidentity.server;

/**
 * What the clients of a server do, at one moment.
 *
 * @param underWay requests that are being read, answered or written
 * @param waiting requests that wait for that
 * @param held requests that wait for credentials without a thread
 * @param begun requests that have arrived until now; while it grows, the server lives
 * @param dropped connections that were closed until now because others needed the room: slow
 *     clients, and those for which there was none
 * @param outOfThreads whether the last thread that was needed could not be started
 */
public record ServerLoad(
    int underWay, int waiting, int held, long begun, long dropped, boolean outOfThreads) {}
