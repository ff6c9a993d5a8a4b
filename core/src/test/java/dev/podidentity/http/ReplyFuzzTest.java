package dev.podidentity.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.fuzz.Mutations;
import dev.podidentity.http.BodyLimits.OfErrors;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever a server replies, it is read within bounds or refused, and not repeated. */
class ReplyFuzzTest {
  private static final BodyLimits LIMITS = new BodyLimits(1024, OfErrors.IF_WHOLE);
  private static final Mutations REPLIES = Mutations.of("http-answer");

  @Property
  void readsHttpOrRefusesIt(@ForAll long number) {
    try {
      HttpReply reply =
          new HttpReplyReader(new ByteArrayInputStream(REPLIES.bytes(number)), LIMITS).read();
      assertThat(reply.body().length).isLessThanOrEqualTo(LIMITS.max());
      assertThat(reply.toString()).doesNotContain("CANARY");
    } catch (IOException e) {
      assertThat(String.valueOf(e.getMessage())).doesNotContain("CANARY");
    }
  }
}
