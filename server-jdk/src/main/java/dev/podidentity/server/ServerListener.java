package dev.podidentity.server;

import java.time.Duration;

/**
 * Is told what was answered over HTTP. Called on the thread that serves the request, so it must be
 * quick; what it throws is logged and changes nothing. Implementations are thread-safe.
 */
@FunctionalInterface
public interface ServerListener {
  /** Does nothing. */
  ServerListener NONE = (status, took) -> {};

  /**
   * A request was answered, whatever it asked for.
   *
   * @param status the HTTP status of the answer
   * @param took from the request's headers being read until the answer was there to be written
   */
  void answered(int status, Duration took);
}
