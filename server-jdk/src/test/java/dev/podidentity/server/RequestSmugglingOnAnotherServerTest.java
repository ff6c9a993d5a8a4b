package dev.podidentity.server;

import com.sun.net.httpserver.spi.HttpServerProvider;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * The same, whoever makes the HTTP servers. robaho's lets headers pass that are none, so that the
 * connection lives on and what follows is another request: answered, and not with credentials.
 * {@code docs/wire-protocol.md} names these rows.
 */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = AnotherProvider.NEEDS)
@Tag("another-server")
class RequestSmugglingOnAnotherServerTest extends RequestSmugglingTest {
  private static final Set<String> PASSED =
      Set.of("Content-Length\0: 5", "X\0Y: 1", "No colon in this line", ": no name");

  @Override
  HttpServerProvider provider() {
    return AnotherProvider.get();
  }

  @Override
  int mostAnswers(String headers) {
    return PASSED.contains(headers) ? 2 : 1;
  }

  @Override
  boolean takesSpacesOffVersions() {
    return true;
  }
}
