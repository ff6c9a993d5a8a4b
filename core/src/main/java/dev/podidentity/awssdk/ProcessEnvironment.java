package dev.podidentity.awssdk;

import dev.podidentity.client.Environment;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.utils.StringUtils;

/** The environment of this process as the SDK reads it. */
final class ProcessEnvironment {
  private ProcessEnvironment() {}

  /** As the SDK has it: the system property of a setting goes before its variable. */
  static Environment read() {
    return name ->
        StringUtils.trimToNull(SdkSystemSetting.valueOf(name).getStringValue().orElse(null));
  }
}
