package dev.podidentity.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;

/**
 * A socket of which every read ends at the deadline: a peer that trickles gains nothing, neither in
 * a TLS handshake nor in a reply. No proxy, not even a SOCKS one that was set for the whole JVM.
 */
final class TimedSocket extends Socket {
  private static final int BYTE = 0xff;

  private final Deadline deadline;

  TimedSocket(Deadline deadline) {
    super(Proxy.NO_PROXY);
    this.deadline = deadline;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & BYTE;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        setSoTimeout(deadline.millisLeft());
        try {
          return super.read(bytes, offset, length);
        } catch (SocketTimeoutException e) {
          throw deadline.passed();
        }
      }
    };
  }
}
