package dev.podidentity.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Certificates of private authorities, which are trusted beside those that the JVM trusts.
 * Thread-safe.
 */
public final class TrustedCertificates {
  private static final List<String> VARIABLES = List.of("AWS_CA_BUNDLE", "SSL_CERT_FILE");

  private TrustedCertificates() {}

  /**
   * The JVM's authorities and those of the bundles in {@code AWS_CA_BUNDLE} and {@code
   * SSL_CERT_FILE}. They are read when the factory is first asked for, which throws an {@link
   * UncheckedIOException} where one cannot be read: its cause says which.
   *
   * @param variables the environment; null for what is not set
   */
  public static Supplier<SSLSocketFactory> ofTheEnvironment(
      Function<String, @Nullable String> variables) {
    return and(Map.of(), variables);
  }

  /**
   * The same with one bundle more.
   *
   * @param source what named the bundle, such as {@code --ca-bundle}
   * @param bundle certificates in PEM
   */
  public static Supplier<SSLSocketFactory> and(
      String source, Path bundle, Function<String, @Nullable String> variables) {
    return and(Map.of(source, bundle), variables);
  }

  private static Supplier<SSLSocketFactory> and(
      Map<String, Path> named, Function<String, @Nullable String> variables) {
    Map<String, Path> bundles = new LinkedHashMap<>(named);
    for (String name : VARIABLES) {
      String value = variables.apply(name);
      if (value != null && !value.isBlank()) {
        bundles.put(name, Path.of(value.strip()));
      }
    }
    return bundles.isEmpty() ? HttpRequests::trustedByTheJvm : new Once(bundles);
  }

  /** Reads the bundles once. */
  private static final class Once implements Supplier<SSLSocketFactory> {
    private final Map<String, Path> bundles;
    private @Nullable SSLSocketFactory made;

    Once(Map<String, Path> bundles) {
      this.bundles = bundles;
    }

    @Override
    public synchronized SSLSocketFactory get() {
      if (made == null) {
        try {
          made = CertificateBundles.trusting(bundles);
        } catch (IOException e) {
          throw new UncheckedIOException(e.getMessage(), e);
        }
      }
      return made;
    }
  }
}
