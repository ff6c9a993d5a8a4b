package dev.podidentity.awssdk.eksauth;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;
import software.amazon.awssdk.utils.StringUtils;

/** One profile with its own keys in a shared credentials file, read as it is at this moment. */
final class SharedCredentialsFile {
  private static final int MAX_BYTES = 1024 * 1024;

  /** How the ids of temporary keys start, which are good for nothing without a session token. */
  private static final String TEMPORARY = "ASIA";

  private final Path file;
  private final String profile;

  SharedCredentialsFile(Path file, String profile) {
    this.file = file;
    this.profile = profile;
  }

  /**
   * What the file holds.
   *
   * @throws IOException if it cannot be read, or changes meanwhile; the message says what to do
   */
  Content read() throws IOException {
    try {
      Instant before = modified();
      byte[] bytes;
      try (InputStream in = Files.newInputStream(file)) {
        bytes = in.readNBytes(MAX_BYTES + 1);
      }
      if (bytes.length > MAX_BYTES) {
        throw new IOException(file + " is larger than any shared credentials file");
      }
      if (!before.equals(modified())) {
        throw new IOException(file + " is being written");
      }
      return new Content(bytes, before);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " does not exist", e);
    }
  }

  private Instant modified() throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).lastModifiedTime().toInstant();
  }

  /**
   * The profile's keys.
   *
   * @throws IOException if the content has none; the message never repeats any of it
   */
  AwsCredentials parse(Content content) throws IOException {
    Profile found = profileIn(content);
    String id = required(found, ProfileProperty.AWS_ACCESS_KEY_ID);
    String secret = required(found, ProfileProperty.AWS_SECRET_ACCESS_KEY);
    Optional<String> token = property(found, ProfileProperty.AWS_SESSION_TOKEN);
    if (token.isPresent()) {
      return AwsSessionCredentials.create(id, secret, token.get());
    }
    if (id.startsWith(TEMPORARY)) {
      throw lacks(ProfileProperty.AWS_SESSION_TOKEN);
    }
    return AwsBasicCredentials.create(id, secret);
  }

  // A parse error quotes what could not be parsed, which may be half of a key: it is dropped.
  private Profile profileIn(Content content) throws IOException {
    Optional<Profile> found;
    try {
      found =
          ProfileFile.builder()
              .type(ProfileFile.Type.CREDENTIALS)
              .content(new ByteArrayInputStream(content.bytes()))
              .build()
              .profile(profile);
    } catch (RuntimeException e) {
      throw new IOException(file + " is not a shared credentials file");
    }
    return found.orElseThrow(
        () -> new IOException(file + " has no profile '" + profile + "': set AWS_PROFILE"));
  }

  private String required(Profile found, String name) throws IOException {
    return property(found, name).orElseThrow(() -> lacks(name));
  }

  private static Optional<String> property(Profile found, String name) {
    return found.property(name).map(StringUtils::trimToNull);
  }

  private IOException lacks(String name) {
    return new IOException("the profile '" + profile + "' of " + file + " has no " + name);
  }

  @Override
  public String toString() {
    return file.toString();
  }

  /** The bytes of the file, secret as they are, and when they were written. */
  static final class Content {
    private final byte[] bytes;
    private final Instant modified;

    private Content(byte[] bytes, Instant modified) {
      this.bytes = bytes;
      this.modified = modified;
    }

    private byte[] bytes() {
      return bytes;
    }

    Instant modified() {
      return modified;
    }

    boolean lastLineHasAnEnd() {
      return bytes.length > 0 && bytes[bytes.length - 1] == '\n';
    }

    boolean sameAs(Content other) {
      return modified.equals(other.modified) && Arrays.equals(bytes, other.bytes);
    }
  }
}
