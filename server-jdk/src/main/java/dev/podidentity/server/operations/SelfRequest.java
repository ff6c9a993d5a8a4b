package dev.podidentity.server.operations;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.server.ServerLoad;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * One request of the agent to one of its own sockets, over a plain socket: no proxy of the
 * environment can answer it, and neither a slow nor an endless answer holds it up.
 */
final class SelfRequest {
  /** Nothing is served at {@code /}, and the agent says so. */
  private static final String EXPECTED = "HTTP/1.1 404";

  private final InetSocketAddress address;
  private final long deadline;
  private final Supplier<ServerLoad> load;
  private final ServerLoad before;

  private SelfRequest(InetSocketAddress address, Duration timeout, Supplier<ServerLoad> load) {
    this.address = address;
    this.load = load;
    this.before = load.get();
    this.deadline = System.nanoTime() + timeout.toNanos();
  }

  /**
   * Asks.
   *
   * @param load shows whether a server that does not answer is alive all the same
   */
  static CheckResult send(InetSocketAddress address, Duration timeout, Supplier<ServerLoad> load) {
    return new SelfRequest(address, timeout, load).send();
  }

  private CheckResult send() {
    String name = IpLiteral.format(address.getAddress()) + ":" + address.getPort();
    try (var socket = new Socket(Proxy.NO_PROXY)) {
      socket.connect(address, remainingMillis());
      socket.getOutputStream().write(request());
      String answer = read(socket);
      return answer.equals(EXPECTED)
          ? CheckResult.ok(name, "answers")
          : CheckResult.failed(name, "answered something else than the agent does");
    } catch (SocketTimeoutException e) {
      if (isFlooded()) {
        return flooded(name);
      }
      return new CheckResult(name, CheckResult.Outcome.TIMED_OUT, "did not answer in time");
    } catch (ConnectException e) {
      return CheckResult.failed(name, "does not answer: " + e.getMessage());
    } catch (IOException e) {
      // Only a server that lives closes a connection; it does so when it has too many.
      return load.get().outOfThreads()
          ? CheckResult.failed(name, "does not answer: " + e.getMessage())
          : flooded(name);
    }
  }

  /** Whether requests of others have arrived meanwhile, and have threads. */
  private boolean isFlooded() {
    ServerLoad now = load.get();
    return now.begun() != before.begun() && !now.outOfThreads();
  }

  private static CheckResult flooded(String name) {
    return CheckResult.ok(name, "is flooded with connections, and works on them");
  }

  private byte[] request() {
    String host = IpLiteral.format(address.getAddress());
    return ("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private String read(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    byte[] start = new byte[EXPECTED.length()];
    int length = 0;
    while (length < start.length) {
      socket.setSoTimeout(remainingMillis());
      int count = in.read(start, length, start.length - length);
      if (count < 0) {
        throw new IOException("the connection was closed");
      }
      length += count;
    }
    return new String(start, StandardCharsets.US_ASCII);
  }

  // To a socket, 0 would mean no limit.
  private int remainingMillis() throws SocketTimeoutException {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (millis <= 0) {
      throw new SocketTimeoutException();
    }
    return Math.toIntExact(millis);
  }
}
