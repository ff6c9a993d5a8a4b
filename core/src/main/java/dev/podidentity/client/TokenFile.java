package dev.podidentity.client;

import dev.podidentity.pod.PodFailureReason;
import dev.podidentity.token.ServiceAccountToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Pattern;

/** The projected token, which the kubelet replaces under the application's feet. */
final class TokenFile {
  // The longest token, and the white space that an editor may leave around it.
  private static final int MAX_BYTES = ServiceAccountToken.MAX_LENGTH + 1024;
  private static final Pattern TOKEN_SHAPED =
      Pattern.compile("[\\w-]{60,}|[\\w-]+\\.[\\w-]+\\.[\\w-]{20,}");

  private final Path path;

  TokenFile(Path path) {
    this.path = path;
  }

  TokenText read() {
    return new TokenText(new String(bytes(), StandardCharsets.ISO_8859_1), name());
  }

  // Somebody may have written the token where the file's name belongs.
  private String name() {
    String shown = path.toString();
    return TOKEN_SHAPED.matcher(shown).find()
        ? "The token file, whose name is not shown because it looks like a token,"
        : "The token file " + shown;
  }

  // What is no file is not opened: a pipe could block for ever.
  private byte[] bytes() {
    try {
      var file = Files.readAttributes(path, BasicFileAttributes.class);
      if (!file.isRegularFile()) {
        throw unreadable(
            file.isDirectory() ? "is a directory" : "is no file",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE must name the token itself");
      }
      try (var in = Files.newInputStream(path)) {
        return in.readNBytes(MAX_BYTES);
      }
    } catch (NoSuchFileException e) {
      throw unreadable(
          "does not exist",
          "EKS projects it into pods that are created after their association; check the"
              + " association, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE and the pod's volumes, and"
              + " restart the pod");
    } catch (AccessDeniedException e) {
      throw AgentFailure.lasting(
          PodFailureReason.TOKEN_UNREADABLE,
          name() + " may not be read by this process",
          "set the pod's securityContext.fsGroup, or run as the user that the file belongs to",
          e);
    } catch (IOException e) {
      throw AgentFailure.lasting(
          PodFailureReason.TOKEN_UNREADABLE,
          name() + " cannot be read",
          "check the pod's volumes",
          e);
    }
  }

  private AgentFailure unreadable(String what, String remedy) {
    return AgentFailure.lasting(PodFailureReason.TOKEN_UNREADABLE, name() + " " + what, remedy);
  }
}
