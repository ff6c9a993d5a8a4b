package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The server's classes read these properties once: each test has a JVM of its own. */
class JdkServerPropertiesTest {
  private static final Pattern NANOS = Pattern.compile("nanos=([0-9]+)");

  @Test
  void answersOnAKeptConnectionWithoutWaitingForAcknowledgements() throws Exception {
    assumeTrue(Runtime.version().feature() < 21, "newer JDKs send headers and body in one segment");

    long asItComes = nanos(List.of());
    long asTheJdkHasIt = nanos(List.of("-Dsun.net.httpserver.nodelay=false"));

    // 44 ms an answer against well under one; also shows that an embedder's value is left alone.
    assertThat(asTheJdkHasIt).isGreaterThan(asItComes * 4);
  }

  private static long nanos(List<String> jvmArguments) throws Exception {
    String output = ChildJvm.run(KeepAliveRequests.class, jvmArguments, Map.of());
    Matcher nanos = NANOS.matcher(output);
    assertThat(nanos.find()).isTrue();
    return Long.parseLong(nanos.group(1));
  }
}
