package dev.podidentity.http;

import java.nio.charset.StandardCharsets;

/** What a server replied. Prints as its status alone: the body may hold secrets. */
public final class HttpReply {
  /** The status of a reply that has what was asked for. */
  public static final int OK = 200;

  private final int status;
  private final byte[] body;

  HttpReply(int status, byte[] body) {
    this.status = status;
    this.body = body;
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** Whether the reply has what was asked for. */
  public boolean isOk() {
    return status == OK;
  }

  /** The body of a reply with status 200; empty for any other. */
  public byte[] body() {
    return body;
  }

  /** The body as text. */
  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "HttpReply[" + status + "]";
  }
}
