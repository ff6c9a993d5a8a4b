package dev.podidentity.addon.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.fuzz.Mutations;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever is written as configuration values, or as a duration, ends as its documentation says.
 */
class ConfigurationFuzzTest {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);
  private static final Mutations VALUES = Mutations.of("configuration");
  private static final Mutations DURATIONS = Mutations.of("duration");

  @Property
  void readsValuesOrRefusesThem(@ForAll long number) {
    String text = new String(VALUES.bytes(number), StandardCharsets.UTF_8);
    try {
      ConfigurationValues values = ConfigurationValues.parse(text);
      assertThat(ConfigurationValues.parse(values.json())).isEqualTo(values);
      assertThat(values.agentSettings().arguments()).isNotNull();
      assertThat(values.over(ConfigurationValues.defaults()).agentSettings()).isNotNull();
    } catch (ConfigurationException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @Property
  void readsDurationsOrRefusesThem(@ForAll long number) {
    String text = new String(DURATIONS.bytes(number), StandardCharsets.UTF_8);
    try {
      Duration duration = GoDuration.parse(text);
      assertThat(duration).isBetween(Duration.ZERO, LONGEST);
      assertThat(GoDuration.parse(GoDuration.format(duration))).isEqualTo(duration);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }
}
