package dev.podidentity.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.fuzz.Mutations;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The two readers of JSON agree on what is none, and on what it says. */
class JsonFuzzTest {
  private static final Mutations CLAIMS = Mutations.of("claims");
  private static final Mutations CREDENTIALS = Mutations.of("credentials");

  @Property
  void agreeOnClaims(@ForAll long number) {
    agreeOn(CLAIMS.bytes(number));
  }

  @Property
  void agreeOnCredentials(@ForAll long number) {
    agreeOn(CREDENTIALS.bytes(number));
  }

  private static void agreeOn(byte[] bytes) {
    Optional<ObjectNode> tree = tree(bytes);
    Optional<JsonMembers> members = members(bytes);
    assertThat(members.isPresent()).isEqualTo(tree.isPresent());
    tree.ifPresent(
        object ->
            object
                .fieldNames()
                .forEachRemaining(
                    name ->
                        assertThat(members.orElseThrow().text(name))
                            .isEqualTo(StrictJson.text(object, name))));
  }

  private static Optional<ObjectNode> tree(byte[] bytes) {
    try {
      return Optional.of(StrictJson.readObject(bytes));
    } catch (InvalidJsonException e) {
      return Optional.empty();
    }
  }

  private static Optional<JsonMembers> members(byte[] bytes) {
    try {
      return Optional.of(JsonMembers.read(bytes));
    } catch (InvalidJsonException e) {
      return Optional.empty();
    }
  }
}
