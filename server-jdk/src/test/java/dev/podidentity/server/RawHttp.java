package dev.podidentity.server;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One connection, on which requests are written byte for byte. */
final class RawHttp implements AutoCloseable {
  private static final int READ_TIMEOUT_MILLIS = 30_000;

  private final Socket socket;
  private final InputStream in;

  private RawHttp(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  static RawHttp connect(InetSocketAddress address) throws IOException {
    return connect(address, null);
  }

  /** A connection from an address of this machine; from any one if null. */
  static RawHttp connect(InetSocketAddress address, @Nullable InetAddress from) throws IOException {
    var socket = new Socket();
    // Bound to no address it would have its port on all of them, that of an agent that is away too.
    if (from != null) {
      socket.bind(new InetSocketAddress(from, 0));
    }
    socket.connect(address);
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    return new RawHttp(socket);
  }

  /** One request on a connection of its own; each line ends with CRLF, the last two with two. */
  static Response exchange(InetSocketAddress address, String... lines) throws IOException {
    try (var connection = connect(address)) {
      return connection.send(lines);
    }
  }

  Response send(String... lines) throws IOException {
    Response response = sendUnprinted(lines);
    if (response.status() >= 400) {
      // Seen by the scan for secrets, with everything else that the tests print.
      System.out.println("error answer " + response.status() + " " + response.body());
    }
    return response;
  }

  /** The same, for whoever sends so much that nobody could read what is printed. */
  Response sendUnprinted(String... lines) throws IOException {
    String request = String.join("\r\n", lines) + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    boolean hasBody = !lines[0].startsWith("HEAD ");
    return read(hasBody);
  }

  /** Bytes as they are, and whatever comes back until the server closes the connection. */
  String sendAndDrain(String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    socket.shutdownOutput();
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  /** Whether the server has closed the connection. */
  boolean isAtItsEnd() throws IOException {
    return in.read() < 0;
  }

  private Response read(boolean hasBody) throws IOException {
    String statusLine = line();
    var headers = new TreeMap<String, String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int length = hasBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Response(Integer.parseInt(statusLine.split(" ", 3)[1]), headers, body);
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the server closed the connection");
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  record Response(int status, Map<String, String> headers, String body) {}
}
