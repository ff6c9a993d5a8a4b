package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.podidentity.server.http.Answer;
import dev.podidentity.server.http.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-jdk")
class ObservedEndpointTest {
  private static final Answer CROWDED = answer(503);
  private static final Answer STOPPING = answer(504);

  private final List<Integer> told = new ArrayList<>();
  private final Endpoint observed =
      new ObservedEndpoint(new Fixed(), (status, took) -> told.add(status));

  @Test
  void passesOnWhatTheEndpointSaysToACrowd() {
    assertThat(observed.crowded()).isSameAs(CROWDED);
    assertThat(told).containsExactly(503);
  }

  @Test
  void passesOnWhatTheEndpointSaysWhileItStops() {
    assertThat(observed.stopping()).isSameAs(STOPPING);
    assertThat(told).containsExactly(504);
  }

  private static Answer answer(int status) {
    return Answer.of(status, "text/plain", new byte[0]);
  }

  private static final class Fixed implements Endpoint {
    @Override
    public Answer answer(HttpExchange exchange) {
      return Answer.of(200, "text/plain", new byte[0]);
    }

    @Override
    public Answer unforeseen() {
      return Answer.of(500, "text/plain", new byte[0]);
    }

    @Override
    public Answer crowded() {
      return CROWDED;
    }

    @Override
    public Answer stopping() {
      return STOPPING;
    }
  }
}
