package dev.podidentity.server;

import com.sun.net.httpserver.spi.HttpServerProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/** The same answers, whoever makes the HTTP servers. */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = AnotherProvider.NEEDS)
@Tag("another-server")
class WireProtocolOnAnotherServerTest extends WireProtocolTest {
  @Override
  HttpServerProvider provider() {
    return AnotherProvider.get();
  }
}
