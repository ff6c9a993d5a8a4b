package dev.podidentity.client;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a pod is told through environment variables; a blank variable counts as not set. */
@FunctionalInterface
public interface Environment {
  /** A path, asked for at {@link #SERVICE_ENDPOINT}; goes before {@link #FULL_URI}. */
  String RELATIVE_URI = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";

  /** Where the agent is asked. */
  String FULL_URI = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

  /** Where {@link #RELATIVE_URI} is asked for, if not at the address that ECS has. */
  String SERVICE_ENDPOINT = "AWS_CONTAINER_SERVICE_ENDPOINT";

  /** The token itself. */
  String TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";

  /** The file with the token. */
  String TOKEN_FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

  /** The variable without the white space around it; null where it is not set, or blank. */
  @Nullable String variable(String name);

  /** The variables of a map. */
  static Environment of(Map<String, String> variables) {
    Map<String, String> copy = Map.copyOf(variables);
    return name -> {
      String value = copy.getOrDefault(name, "").strip();
      return value.isEmpty() ? null : value;
    };
  }

  /** Whether EKS Pod Identity has set this environment up. */
  default boolean isPod() {
    return variable(FULL_URI) != null || variable(TOKEN_FILE) != null;
  }
}
