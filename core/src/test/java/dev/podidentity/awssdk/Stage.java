package dev.podidentity.awssdk;

import dev.podidentity.client.FakeAgent;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * Where a fault is played: an agent, a token file, and time, which is the real one or a simulated
 * one.
 */
interface Stage {
  FakeAgent agent();

  Path tokenFile();

  /** Where the client is told to ask. */
  URI uri();

  Instant now();

  /** The time that has passed since the stage was set. */
  Duration elapsed();

  /** What an agent does that takes its time before it answers. */
  void takeTime(Duration duration) throws InterruptedException;

  /** What a client does between two calls. */
  void letPass(Duration duration) throws InterruptedException;

  /** Lets the agent be away from now until this much later. */
  void agentAwayFor(Duration duration) throws IOException;
}
