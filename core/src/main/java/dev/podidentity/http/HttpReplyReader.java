package dev.podidentity.http;

import dev.podidentity.http.BodyLimits.OfErrors;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one reply of HTTP/1.1 (RFC 9112), never more of it than is wanted. */
final class HttpReplyReader {
  private static final int MAX_HEAD = 16 * 1024;
  private static final int FINAL = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;
  private static final Pattern STATUS =
      Pattern.compile("HTTP/1\\.[01] (?<code>[1-5][0-9]{2})( .*)?");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,18}");
  private static final Pattern CHUNK = Pattern.compile("(?<size>[0-9a-fA-F]{1,15})[ \\t]*(;.*)?");
  private static final int HEX = 16;

  private final InputStream in;
  private final BodyLimits limits;
  private int headLeft = MAX_HEAD;
  private Map<String, String> headers = Map.of();

  HttpReplyReader(InputStream in, BodyLimits limits) {
    this.in = new BufferedInputStream(in);
    this.limits = limits;
  }

  HttpReply read() throws IOException {
    int status = head();
    return new HttpReply(status, headers, status == HttpReply.OK ? body() : bodyOfError(status));
  }

  /** The final status; what follows it is read by {@link #read} alone. */
  int head() throws IOException {
    int status = status();
    headers = headers();
    // RFC 9110, section 15.2: any number of interim replies may come before the final one.
    while (status < FINAL) {
      status = status();
      headers = headers();
    }
    return status;
  }

  private int status() throws IOException {
    Matcher line = STATUS.matcher(line());
    if (!line.matches()) {
      throw new BadHttpException("is not HTTP/1.1");
    }
    return Integer.parseInt(line.group("code"));
  }

  private Map<String, String> headers() throws IOException {
    var read = new TreeMap<String, String>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new BadHttpException("has a header line that is none");
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      String previous = read.put(name, value);
      // RFC 9112, section 6.3: two lengths that differ are an attack or a defect.
      if (previous != null && !previous.equals(value) && name.equals("content-length")) {
        throw new BadHttpException("has two different lengths");
      }
    }
    return read;
  }

  private byte[] body() throws IOException {
    String coding = headers.get("transfer-encoding");
    if (coding != null) {
      if (!coding.equalsIgnoreCase("chunked")) {
        throw new BadHttpException("has a transfer encoding that was not asked for");
      }
      return chunks();
    }
    String length = headers.get("content-length");
    if (length == null) {
      byte[] bytes = in.readNBytes(limits.max() + 1);
      if (bytes.length > limits.max()) {
        throw tooLarge();
      }
      return bytes;
    }
    if (!LENGTH.matcher(length).matches()) {
      throw new BadHttpException("has a length that is no number");
    }
    return exactly(Long.parseLong(length), limits.max());
  }

  private byte[] bodyOfError(int status) throws IOException {
    if (status == NO_CONTENT || status == NOT_MODIFIED || limits.ofErrors() == OfErrors.UNREAD) {
      return new byte[0];
    }
    try {
      return body();
    } catch (IOException e) {
      if (limits.ofErrors() == OfErrors.WHOLE) {
        throw e;
      }
      return new byte[0];
    }
  }

  private byte[] chunks() throws IOException {
    var body = new ByteArrayOutputStream();
    for (long size = chunkSize(); size > 0; size = chunkSize()) {
      body.writeBytes(exactly(size, limits.max() - body.size()));
      if (!line().isEmpty()) {
        throw new BadHttpException("has a chunk that is longer than it says");
      }
    }
    headers();
    return body.toByteArray();
  }

  private long chunkSize() throws IOException {
    Matcher line = CHUNK.matcher(line());
    if (!line.matches()) {
      throw new BadHttpException("has a chunk without a size");
    }
    return Long.parseLong(line.group("size"), HEX);
  }

  private byte[] exactly(long length, int left) throws IOException {
    if (length > left) {
      throw tooLarge();
    }
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException("the reply ended in the middle");
    }
    return bytes;
  }

  private BadHttpException tooLarge() {
    return new BadHttpException("is larger than " + limits.max() + " bytes");
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("the connection ended before the reply did");
      }
      if (headLeft-- == 0) {
        throw new BadHttpException("has headers of more than " + MAX_HEAD + " bytes");
      }
      line.write(c);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
