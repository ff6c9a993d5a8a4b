package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Libraries that are too old, played by a class loader that does not find some of their classes.
 */
class SdkFeaturesTest {
  private static final class Without extends ClassLoader {
    private final String hidden;

    Without(String hidden) {
      super(SdkFeaturesTest.class.getClassLoader());
      this.hidden = hidden;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith(hidden)) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }

    @Override
    public @Nullable URL getResource(String name) {
      return name.replace('/', '.').startsWith(hidden) ? null : super.getResource(name);
    }
  }

  @Test
  void findsNothingMissingInTheVersionsOfThisBuild() {
    assertThat(SdkFeatures.missing(SdkFeaturesTest.class.getClassLoader())).isNull();
  }

  @Test
  void saysWhichAwsSdkToBring() {
    for (String hidden :
        new String[] {
          "software.amazon.awssdk.identity.spi.",
          "software.amazon.awssdk.auth.credentials.AwsSessionCredentials$Builder"
        }) {
      assertThat(SdkFeatures.missing(new Without(hidden)))
          .contains("AWS SDK", "too old", "bring 2.21 or newer");
    }
  }

  @Test
  void saysWhichJacksonToBring() {
    for (String hidden :
        new String[] {
          "com.fasterxml.jackson.core.JsonFactoryBuilder",
          "com.fasterxml.jackson.databind.json.JsonMapper"
        }) {
      assertThat(SdkFeatures.missing(new Without(hidden)))
          .contains("Jackson", "too old", "bring 2.10 or newer");
    }
  }
}
