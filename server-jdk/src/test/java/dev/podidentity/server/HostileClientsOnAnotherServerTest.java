package dev.podidentity.server;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

/**
 * The same patience with hostile clients, whoever makes the HTTP servers. This one keeps long
 * request lines in memory, for which it needs more of it.
 */
@EnabledForJreRange(min = JRE.JAVA_21, disabledReason = AnotherProvider.NEEDS)
@Tag("another-server")
class HostileClientsOnAnotherServerTest extends HostileClientsTest {
  @Override
  BesiegedProcess besieged() throws Exception {
    return BesiegedProcess.start(true, "1g", OPEN_FILES);
  }
}
