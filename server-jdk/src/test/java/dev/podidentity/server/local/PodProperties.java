package dev.podidentity.server.local;

import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * System properties of which each thread can have its own: the AWS SDK reads a pod's environment
 * from them, and so many pods live in one JVM. To be closed when no pod is left.
 */
final class PodProperties extends Properties implements AutoCloseable {
  private static final long serialVersionUID = 1L;
  private static final Map<String, String> PROPERTY_OF =
      Map.of(
          "AWS_CONTAINER_CREDENTIALS_FULL_URI", "aws.containerCredentialsFullUri",
          "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "aws.containerAuthorizationTokenFile");

  private final transient Properties before;
  private final transient ThreadLocal<Map<String, String>> own = ThreadLocal.withInitial(Map::of);

  private PodProperties(Properties before) {
    this.before = before;
    putAll(before);
  }

  static PodProperties install() {
    var properties = new PodProperties(System.getProperties());
    System.setProperties(properties);
    return properties;
  }

  /** Has the calling thread see what a pod's containers see. */
  void enter(LocalEksPod pod) {
    own.set(
        pod.environment().entrySet().stream()
            .collect(
                Collectors.toMap(
                    variable -> PROPERTY_OF.getOrDefault(variable.getKey(), variable.getKey()),
                    Map.Entry::getValue)));
  }

  @Override
  public @Nullable String getProperty(String key) {
    String value = own == null ? null : own.get().get(key);
    return value != null ? value : super.getProperty(key);
  }

  @Override
  public void close() {
    System.setProperties(before);
  }
}
