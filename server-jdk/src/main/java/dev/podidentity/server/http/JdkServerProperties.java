package dev.podidentity.server.http;

import java.util.Map;

/**
 * The system properties of the JDK's server that matter here. The server reads them once, when its
 * classes load: they are set before the first server is made, and what the embedder has set is left
 * alone.
 */
final class JdkServerProperties {
  private JdkServerProperties() {}

  private static Map<String, String> defaults(int listeners) {
    return Map.of(
        // Headers and body leave in two segments: without it, JDK 17 waits 40 ms between them.
        "sun.net.httpserver.nodelay", "true",
        // Seconds that a client may take to send its request, or the first byte of it; the
        // default
        // is no limit for the one and 30 s for the other.
        "sun.net.httpserver.maxReqTime", "5",
        // Milliseconds between two looks for connections on which nothing was sent in that time;
        // with the default of 10 s they would be there for up to three times as long.
        "sun.net.httpserver.clockTick", "1000",
        // Seconds until an answer must have been made and taken; off by default.
        "sun.net.httpserver.maxRspTime", "30",
        // With the default of 200, the connections of a full node's pods are closed under them.
        "sun.net.httpserver.maxIdleConnections",
            Integer.toString(MemoryBudget.ofThisProcess().connections(2048, listeners)),
        // A quarter more than the longest token; the default is 380 KiB. Headers are read into an
        // array that doubles, and one of twice the size would only be needed past it.
        "sun.net.httpserver.maxReqHeaderSize", "20480",
        // SDKs send less than ten; the default is 200.
        "sun.net.httpserver.maxReqHeaders", "64",
        // Bytes of an unwanted body that are read to keep its connection, or one to see that
        // there is none; the default is 64 KiB, at the client's pace.
        "sun.net.httpserver.drainAmount", "1",
        // There is no bound by default: then a flood of connections takes every descriptor.
        "jdk.httpserver.maxConnections", Integer.toString(connections(listeners)));
  }

  private static int connections(int listeners) {
    return Math.min(
        OpenFiles.system().connections(listeners),
        MemoryBudget.ofThisProcess().silentConnections(listeners));
  }

  /** Sets what is not set; what the JDK's server bounds for each listener is divided by them. */
  static void setUnset(int listeners) {
    defaults(listeners)
        .forEach(
            (name, value) -> {
              if (System.getProperty(name) == null) {
                System.setProperty(name, value);
              }
            });
  }
}
