package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PartsTest {
  private final List<String> closed = new ArrayList<>();
  private final Parts parts = new Parts();

  @Test
  void closesInReverse() {
    parts.open(() -> closed.add("first"));
    parts.open(() -> closed.add("second"));

    parts.close();

    assertThat(closed).containsExactly("second", "first");
  }

  @Test
  void closesTheOthersWhereOneFailsTo() {
    parts.open(() -> closed.add("first"));
    parts.open(
        () -> {
          throw new IOException("for a test");
        });

    parts.close();

    assertThat(closed).containsExactly("first");
  }

  @Test
  void closesOnce() {
    parts.open(() -> closed.add("only"));

    parts.close();
    parts.close();

    assertThat(closed).containsExactly("only");
  }
}
