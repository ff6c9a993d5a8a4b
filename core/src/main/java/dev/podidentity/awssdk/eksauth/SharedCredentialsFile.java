package dev.podidentity.awssdk.eksauth;

import dev.podidentity.awssdk.eksauth.IniFile.Problem;
import dev.podidentity.awssdk.eksauth.IniFile.Section;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.profiles.ProfileProperty;

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
    IniFile ini = IniFile.parse(content.bytes());
    Section found =
        ini.section(profile)
            .orElseThrow(
                () ->
                    new IOException(
                        file
                            + " has no profile '"
                            + profile
                            + "': "
                            + first(ini.problems(profile)).orElse("set AWS_PROFILE")));
    String id = required(found, ProfileProperty.AWS_ACCESS_KEY_ID);
    String secret = required(found, ProfileProperty.AWS_SECRET_ACCESS_KEY);
    Optional<String> token = found.value(ProfileProperty.AWS_SESSION_TOKEN);
    if (token.isPresent()) {
      return AwsSessionCredentials.create(id, secret, token.get());
    }
    if (id.startsWith(TEMPORARY)) {
      throw lacks(found, ProfileProperty.AWS_SESSION_TOKEN);
    }
    return AwsBasicCredentials.create(id, secret);
  }

  private static Optional<String> first(List<Problem> problems) {
    return problems.stream().findFirst().map(Problem::toString);
  }

  private String required(Section found, String name) throws IOException {
    String value = found.value(name).orElseThrow(() -> lacks(found, name));
    if (value.indexOf('\n') >= 0) {
      throw new IOException(
          "in the profile '" + profile + "' of " + file + ", " + name + " goes on in another line");
    }
    return value;
  }

  private IOException lacks(Section found, String name) {
    return new IOException(
        "the profile '"
            + profile
            + "' of "
            + file
            + " has no "
            + name
            + first(found.problems()).map(problem -> ": " + problem).orElse(""));
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
