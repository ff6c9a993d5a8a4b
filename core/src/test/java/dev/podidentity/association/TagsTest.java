package dev.podidentity.association;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagsTest {
  @Property(tries = 200)
  void readsAsItPrintsInAJournal(
      @ForAll @Size(max = 50)
          Map<@AlphaChars @StringLength(min = 1, max = 20) String, String> tags) {
    Map<String, String> allowed =
        tags.entrySet().stream()
            .filter(tag -> tag.getValue().length() <= 128)
            .collect(Collectors.toMap(Map.Entry::getKey, tag -> "v" + tag.getValue()));
    var association = AssociationFixtures.association().tags(Tags.of(allowed)).build();

    assertThat(AssociationJson.read(AssociationJson.write(association)).tags().asMap())
        .isEqualTo(allowed);
  }

  @Test
  void allowsFiftyAndNoMore() {
    Tags fifty = Tags.of(numbered(50));

    assertThatThrownBy(() -> fifty.with(Tags.of(Map.of("one", "more"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("51");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws:", "AWS:key", "aWs:name"})
  void leavesAwsItsPrefixInAnyCase(String reserved) {
    assertThatThrownBy(() -> Tags.of(Map.of(reserved, "v"))).hasMessageContaining("aws:");
    assertThatThrownBy(() -> Tags.of(Map.of("k", reserved))).hasMessageContaining("aws:");
  }

  @Test
  void countsCharactersNotUnits() {
    String grin = Character.toString(0x1F600);

    assertThat(Tags.of(Map.of(grin.repeat(128), grin.repeat(256))).asMap()).hasSize(1);
    assertThatThrownBy(() -> Tags.of(Map.of("k".repeat(129), ""))).hasMessageContaining("129");
    assertThatThrownBy(() -> Tags.of(Map.of("", ""))).hasMessageContaining("has 0");
    assertThatThrownBy(() -> Tags.of(Map.of("k", "v".repeat(257)))).hasMessageContaining("257");
  }

  @Test
  void theLaterTagWins() {
    Tags merged = Tags.of(Map.of("k", "old")).with(Tags.of(Map.of("k", "new")));

    assertThat(merged).isEqualTo(Tags.of(Map.of("k", "new")));
  }

  @Test
  void passesOverKeysThatAreNotThere() {
    assertThat(Tags.of(Map.of("k", "v")).without(List.of("k", "other"))).isEqualTo(Tags.none());
  }

  private static Map<String, String> numbered(int count) {
    return IntStream.range(0, count)
        .boxed()
        .collect(Collectors.toMap(i -> "key-" + i, i -> "value"));
  }
}
