package dev.podidentity.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.fuzz.Mutations;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever answers in the agent's place, it is read or refused, and not repeated. */
class AnswerFuzzTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final AgentEndpoint ENDPOINT =
      AgentEndpoint.parse("http://169.254.170.23/v1/credentials", "The test");
  private static final Mutations CREDENTIALS = Mutations.of("credentials");

  @Property
  void readsCredentialsOrRefusesThem(@ForAll long number) {
    try {
      AgentAnswer answer = AgentAnswer.parse(CREDENTIALS.bytes(number), ENDPOINT, NOW);
      assertThat(answer.toString()).doesNotContain("CANARY");
    } catch (AgentFailure e) {
      assertThat(e.getMessage()).doesNotContain("CANARY");
    }
  }
}
