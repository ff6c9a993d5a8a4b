package dev.podidentity.awssdk;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What the libraries on the class path can do. An application brings its own versions of the AWS
 * SDK and of Jackson: what an older SDK lacks is left out, and where too much is missing, {@link
 * #require} says so. Classes are looked up by name, so that one that is missing is no {@code
 * Error}.
 */
final class SdkFeatures {
  private static final String SESSION_CREDENTIALS =
      "software.amazon.awssdk.auth.credentials.AwsSessionCredentials$Builder";

  /** Whether credentials know their account. */
  static final boolean ACCOUNTS = has(SESSION_CREDENTIALS, "accountId");

  /** Whether credentials say by which provider they were found. */
  static final boolean PROVIDER_NAMES = has(SESSION_CREDENTIALS, "providerName");

  /** Whether an exception has a message apart from what the SDK adds to it. */
  static final boolean RAW_MESSAGES = has(SdkException.class.getName(), "rawMessage");

  private static final @Nullable String MISSING = missing(loader());

  private SdkFeatures() {}

  private static ClassLoader loader() {
    ClassLoader own = SdkFeatures.class.getClassLoader();
    return own != null ? own : ClassLoader.getSystemClassLoader();
  }

  // Does not load the class: Jackson's data binder is only needed to explain a failure.
  private static boolean exists(ClassLoader loader, String type) {
    return loader.getResource(type.replace('.', '/') + ".class") != null;
  }

  private static boolean has(String type, String method) {
    return has(loader(), type, method);
  }

  private static boolean has(ClassLoader loader, String type, String method) {
    try {
      return Arrays.stream(Class.forName(type, false, loader).getMethods())
          .anyMatch(there -> there.getName().equals(method));
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** What to say of the libraries that this class loader finds; null where they are new enough. */
  static @Nullable String missing(ClassLoader loader) {
    // Identities came with 2.21, and the expiration time of credentials shortly before.
    if (!exists(loader, "software.amazon.awssdk.identity.spi.AwsCredentialsIdentity")
        || !has(loader, SESSION_CREDENTIALS, "expirationTime")) {
      return "The AWS SDK for Java on the class path is too old for PodIdentityCredentialsProvider:"
          + " bring 2.21 or newer of software.amazon.awssdk:auth and all other modules";
    }
    if (!exists(loader, "com.fasterxml.jackson.core.JsonFactoryBuilder")
        || !exists(loader, "com.fasterxml.jackson.databind.json.JsonMapper")) {
      return "Jackson on the class path is too old for PodIdentityCredentialsProvider, or missing:"
          + " bring 2.10 or newer of com.fasterxml.jackson.core:jackson-databind and jackson-core";
    }
    return null;
  }

  /**
   * Looks whether the libraries are new enough.
   *
   * @throws IllegalStateException if one is not
   */
  static void require() {
    if (MISSING != null) {
      throw new IllegalStateException(MISSING);
    }
  }
}
