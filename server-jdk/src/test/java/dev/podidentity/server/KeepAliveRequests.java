package dev.podidentity.server;

/** Asks an agent over one connection, again and again, and prints how long the answers took. */
final class KeepAliveRequests {
  private static final int WARM_UP = 20;
  private static final int REQUESTS = 25;

  private KeepAliveRequests() {}

  /** Prints the sum in nanoseconds. */
  public static void main(String[] args) throws Exception {
    try (var agent = AgentFixture.withLocalCredentials();
        var connection = RawHttp.connect(agent.ipv4())) {
      String authorization = "Authorization: " + agent.token();
      for (int i = 0; i < WARM_UP; i++) {
        connection.send("GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1", authorization);
      }
      long start = System.nanoTime();
      for (int i = 0; i < REQUESTS; i++) {
        connection.send("GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1", authorization);
      }
      System.out.println("nanos=" + (System.nanoTime() - start));
    }
  }
}
