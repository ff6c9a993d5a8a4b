package dev.podidentity.awssdk.eksauth;

import static java.util.Objects.requireNonNull;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileLocation;
import software.amazon.awssdk.profiles.ProfileFileSystemSetting;

/**
 * The shared configuration and credentials files as they are at this moment, for the AWS SDK: its
 * own reader fails for any line of any profile that it does not understand, and then no client can
 * be built. Here such a line is left out, and {@link #problem} names it. Thread-safe.
 */
final class SharedFiles implements Supplier<ProfileFile> {
  private static final int MAX_BYTES = 1024 * 1024;

  /** There cannot be one: null is no folder. */
  private static final String NO_FILE = "/dev/null/none";

  private final Optional<Path> configuration;
  private final Optional<Path> credentials;

  @GuardedBy("this")
  private @Nullable Read configurationRead;

  @GuardedBy("this")
  private @Nullable Read credentialsRead;

  @GuardedBy("this")
  private @Nullable ProfileFile both;

  SharedFiles(Optional<Path> configuration, Optional<Path> credentials) {
    this.configuration = configuration;
    this.credentials = credentials;
  }

  /** Those that the environment names at this moment. Waits while {@link #build} hides them. */
  static synchronized SharedFiles ofTheNode() {
    return new SharedFiles(
        Optional.of(ProfileFileLocation.configurationFilePath()), Optional.of(credentialsFile()));
  }

  /** The credentials file that the environment names. Waits while {@link #build} hides it. */
  static synchronized Path credentialsFile() {
    return ProfileFileLocation.credentialsFilePath();
  }

  /**
   * Builds a client. The AWS SDK reads the files itself when it builds one, whatever it is given in
   * their place, and fails for a line that it does not understand. Where it would, it is shown no
   * files meanwhile: by the system properties that name them, which are restored. One client at a
   * time, so that no other thread takes the properties of that moment for the node's.
   */
  static synchronized <T> T build(Supplier<T> client) {
    try {
      ProfileFile.defaultProfileFile();
    } catch (RuntimeException e) {
      return buildWithoutFiles(client);
    }
    return client.get();
  }

  private static <T> T buildWithoutFiles(Supplier<T> client) {
    Map<String, Optional<String>> before =
        Stream.of(
                ProfileFileSystemSetting.AWS_CONFIG_FILE,
                ProfileFileSystemSetting.AWS_SHARED_CREDENTIALS_FILE)
            .map(ProfileFileSystemSetting::property)
            .collect(
                Collectors.toMap(
                    property -> property,
                    property -> Optional.ofNullable(System.getProperty(property))));
    before.keySet().forEach(property -> System.setProperty(property, NO_FILE));
    try {
      return client.get();
    } finally {
      before.forEach(
          (property, value) ->
              value.ifPresentOrElse(
                  there -> System.setProperty(property, there),
                  () -> System.clearProperty(property)));
    }
  }

  /** A file as it was read. Holds secrets, and prints as its path. */
  private static final class Read {
    private final @Nullable Path path;
    private final byte[] bytes;
    private final @Nullable String failure;
    private final IniFile content;
    private final ProfileFile forTheSdk;

    Read(@Nullable Path path, byte[] bytes, @Nullable String failure, ProfileFile.Type type) {
      this.path = path;
      this.bytes = bytes;
      this.failure = failure;
      this.content = IniFile.parse(bytes);
      this.forTheSdk = forTheSdk(content.forTheSdk(), type);
    }

    boolean isSameAs(Read other) {
      return Arrays.equals(bytes, other.bytes)
          && Objects.equals(path, other.path)
          && Objects.equals(failure, other.failure);
    }

    Stream<String> problems(String... titles) {
      if (failure != null) {
        return Stream.of(path + " " + failure);
      }
      List<IniFile.Problem> found =
          Arrays.stream(titles)
              .filter(title -> content.section(title).isPresent())
              .findFirst()
              .map(content::problems)
              .orElseGet(() -> content.problems(titles[0]));
      return found.stream().map(problem -> path + ": " + problem);
    }

    @Override
    public String toString() {
      return String.valueOf(path);
    }
  }

  private static ProfileFile forTheSdk(byte[] content, ProfileFile.Type type) {
    return ProfileFile.builder().type(type).content(new ByteArrayInputStream(content)).build();
  }

  /** What both files hold; the same object until they change. */
  @Override
  public synchronized ProfileFile get() {
    Read first = read(configuration, ProfileFile.Type.CONFIGURATION);
    Read second = read(credentials, ProfileFile.Type.CREDENTIALS);
    boolean same =
        configurationRead != null
            && credentialsRead != null
            && first.isSameAs(configurationRead)
            && second.isSameAs(credentialsRead);
    if (both == null || !same) {
      configurationRead = first;
      credentialsRead = second;
      both = ProfileFile.aggregator().addFile(second.forTheSdk).addFile(first.forTheSdk).build();
    }
    return requireNonNull(both);
  }

  private static Read read(Optional<Path> path, ProfileFile.Type type) {
    Path file = path.orElse(null);
    if (file == null) {
      return new Read(null, new byte[0], null, type);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      return bytes.length > MAX_BYTES
          ? new Read(file, new byte[0], "is larger than any shared file", type)
          : new Read(file, bytes, null, type);
    } catch (NoSuchFileException e) {
      return new Read(file, new byte[0], null, type);
    } catch (IOException e) {
      return new Read(file, new byte[0], "cannot be read: check its permissions", type);
    }
  }

  /**
   * Which lines of the files a profile could not be read from, with their files; empty where all of
   * it was understood. Repeats nothing that they hold.
   */
  synchronized Optional<String> problem(String profile) {
    get();
    String found =
        Stream.concat(
                requireNonNull(credentialsRead).problems(profile, "profile " + profile),
                requireNonNull(configurationRead).problems("profile " + profile, profile))
            .collect(Collectors.joining("; "));
    return Optional.of(found).filter(text -> !text.isEmpty());
  }
}
