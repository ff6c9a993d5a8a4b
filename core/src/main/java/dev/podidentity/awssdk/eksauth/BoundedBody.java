package dev.podidentity.awssdk.eksauth;

import java.io.FilterInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import software.amazon.awssdk.http.AbortableInputStream;

/** A body that ends with a failure when it gets too long, or is read too long. */
final class BoundedBody extends FilterInputStream {
  private final AbortableInputStream body;
  private final long deadline;
  private long left;
  private boolean aborted;

  BoundedBody(AbortableInputStream body, long maxBytes, long deadline) {
    super(body);
    this.body = body;
    this.left = maxBytes;
    this.deadline = deadline;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (System.nanoTime() - deadline > 0) {
      abort();
      throw new SocketTimeoutException("The answer did not end in time");
    }
    int read = super.read(bytes, offset, length);
    left -= Math.max(0, read);
    if (left < 0) {
      abort();
      throw new BadAnswerException("No answer of EKS Auth is as long as this one", null);
    }
    return read;
  }

  @Override
  public long skip(long count) throws IOException {
    byte[] skipped = new byte[(int) Math.max(0, Math.min(count, 4096))];
    return Math.max(0, read(skipped, 0, skipped.length));
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  /** What was aborted is being closed, and closing it here would wait for that. */
  @Override
  public void close() throws IOException {
    if (!aborted) {
      super.close();
    }
  }

  private void abort() {
    if (!aborted) {
      aborted = true;
      BoundedHttpClient.beside(body::abort);
    }
  }
}
