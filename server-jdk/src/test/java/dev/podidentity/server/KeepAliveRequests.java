package dev.podidentity.server;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import java.util.Arrays;

/** Asks an agent over one connection, again and again, and prints how long an answer takes. */
final class KeepAliveRequests {
  private static final int WARM_UP = 20;
  private static final int REQUESTS = 25;

  private KeepAliveRequests() {}

  /** Prints the median in nanoseconds, which a busy machine disturbs least. */
  public static void main(String[] args) throws Exception {
    try (var agent =
            AgentFixture.over(
                token -> {
                  throw new CredentialException(FailureReason.RESOURCE_NOT_FOUND, "for a test");
                });
        var connection = RawHttp.connect(agent.ipv4())) {
      String authorization = "Authorization: " + agent.token();
      long[] nanos = new long[REQUESTS];
      for (int i = -WARM_UP; i < REQUESTS; i++) {
        long start = System.nanoTime();
        connection.send("GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1", authorization);
        nanos[Math.max(i, 0)] = System.nanoTime() - start;
      }
      Arrays.sort(nanos);
      System.out.println("nanos=" + nanos[REQUESTS / 2]);
    }
  }
}
