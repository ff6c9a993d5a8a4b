package dev.podidentity.awssdk;

import dev.podidentity.client.Environment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.utils.StringUtils;

/** The environment of this process as the SDK reads it. */
final class ProcessEnvironment {
  private ProcessEnvironment() {}

  /** As the SDK has it: the system property of a setting goes before its variable. */
  static Environment read() {
    return name -> StringUtils.trimToNull(value(name));
  }

  private static @Nullable String value(String name) {
    return Arrays.stream(SdkSystemSetting.values())
        .filter(setting -> setting.name().equals(name))
        .findAny()
        .map(setting -> setting.getStringValue().orElse(null))
        .orElseGet(() -> System.getenv(name));
  }
}
