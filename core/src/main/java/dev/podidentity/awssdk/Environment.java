package dev.podidentity.awssdk;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.utils.StringUtils;

/** What a pod is told through environment variables; a blank variable counts as not set. */
@FunctionalInterface
interface Environment {
  String RELATIVE_URI = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
  String FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
  String SERVICE_ENDPOINT = "AWS_CONTAINER_SERVICE_ENDPOINT";
  String TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
  String TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

  @Nullable String variable(String name);

  /** As the SDK has it: the system property of a setting goes before its variable. */
  static Environment ofProcess() {
    return name ->
        StringUtils.trimToNull(SdkSystemSetting.valueOf(name).getStringValue().orElse(null));
  }

  static Environment of(Map<String, String> variables) {
    Map<String, String> copy = Map.copyOf(variables);
    return name -> StringUtils.trimToNull(copy.get(name));
  }

  default boolean isPod() {
    return variable(FULL_URI) != null || variable(TOKEN_FILE) != null;
  }
}
