package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.client.Environment;
import dev.podidentity.client.ScriptedTransport;
import dev.podidentity.http.HttpReply;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

class CredentialLifePropertiesTest {
  private enum Deed {
    RESOLVE,
    RUN_FETCH,
    BREAK_AGENT,
    MEND_AGENT
  }

  private record Step(Deed deed, Duration later) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(
            Arbitraries.of(Deed.class),
            Arbitraries.oneOf(
                    Arbitraries.longs().between(0, 5),
                    Arbitraries.longs().between(0, 200),
                    Arbitraries.longs().between(0, 8_000))
                .map(Duration::ofSeconds))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  @Property(tries = 500)
  void neverReturnsExpiredCredentialsWhateverHappensWhen(
      @ForAll("steps") List<Step> steps,
      @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double random) {
    var time = new SimulatedTime();
    var background = new ArrayDeque<Runnable>();
    var agent = new ScriptedTransport(token -> good(time));
    try (var provider =
        PodIdentityCredentialsProvider.builder()
            .environment(Map.of(Environment.FULL_URI, "http://169.254.170.23/v1/credentials"))
            .clock(time.clock)
            .ticker(time)
            .random(() -> random)
            .executor(background::add)
            .transport(agent)
            .build()) {
      for (Step step : steps) {
        time.pass(step.later());
        switch (step.deed()) {
          case RESOLVE -> requireValid(resolve(provider), time.clock.instant());
          case RUN_FETCH -> runAll(background);
          case BREAK_AGENT -> agent.script(token -> broken());
          case MEND_AGENT -> agent.script(token -> good(time));
        }
        assertThat(background).hasSizeLessThanOrEqualTo(1);
      }
    }
  }

  private static HttpReply good(SimulatedTime time) {
    return ScriptedTransport.ok(time.clock.instant().plus(Duration.ofHours(1)));
  }

  private static HttpReply broken() throws ConnectException {
    throw new ConnectException("Connection refused");
  }

  private static @Nullable AwsCredentialsIdentity resolve(PodIdentityCredentialsProvider provider) {
    var answer = provider.resolveIdentity(request -> {});
    return answer.isDone() && !answer.isCompletedExceptionally() ? answer.join() : null;
  }

  private static void requireValid(@Nullable AwsCredentialsIdentity answer, Instant now) {
    if (answer instanceof AwsCredentials credentials) {
      assertThat(credentials.expirationTime().orElseThrow()).isAfter(now);
    }
  }

  private static void runAll(ArrayDeque<Runnable> background) {
    while (!background.isEmpty()) {
      background.remove().run();
    }
  }
}
