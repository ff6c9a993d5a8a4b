package dev.podidentity.awssdk;

import java.util.Arrays;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What the AWS SDK on the class path can do. An application brings its own version: what an older
 * one lacks is left out, and where that is too much, {@link #require} says so.
 */
final class SdkFeatures {
  /** Whether credentials know their account. */
  static final boolean ACCOUNTS = has(AwsSessionCredentials.Builder.class, "accountId");

  /** Whether credentials say by which provider they were found. */
  static final boolean PROVIDER_NAMES = has(AwsSessionCredentials.Builder.class, "providerName");

  /** Whether an exception has a message apart from what the SDK adds to it. */
  static final boolean RAW_MESSAGES = has(SdkException.class, "rawMessage");

  private SdkFeatures() {}

  private static boolean has(Class<?> type, String method) {
    return Arrays.stream(type.getMethods()).anyMatch(there -> there.getName().equals(method));
  }

  /**
   * Looks whether the SDK is new enough.
   *
   * @throws IllegalStateException if it is not
   */
  static void require() {
    if (!has(AwsSessionCredentials.Builder.class, "expirationTime")) {
      throw new IllegalStateException(
          "The AWS SDK for Java on the class path is too old for PodIdentityCredentialsProvider:"
              + " bring 2.25 or newer of software.amazon.awssdk:auth and all other modules");
    }
  }
}
