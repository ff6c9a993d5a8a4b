package dev.podidentity.awssdk;

import dev.podidentity.awssdk.PodIdentityException.Reason;
import dev.podidentity.token.ServiceAccountToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The projected token, which the kubelet replaces under the application's feet. */
final class TokenFile implements TokenSource {
  // The longest token, and the white space that an editor may leave around it.
  private static final int MAX_BYTES = ServiceAccountToken.MAX_LENGTH + 1024;

  private final Path path;
  private final TokenCheck check;

  TokenFile(Path path, TokenCheck check) {
    this.path = path;
    this.check = check;
  }

  @Override
  public String read() {
    return check.usable(new String(bytes(), StandardCharsets.ISO_8859_1), "The token file " + path);
  }

  // What is no file is not opened: a pipe could block for ever.
  private byte[] bytes() {
    if (!Files.exists(path)) {
      throw unreadable(
          "does not exist: EKS projects it into pods that are created after their association;"
              + " check the association, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE and the pod's"
              + " volumes, and restart the pod",
          null);
    }
    if (!Files.isRegularFile(path)) {
      throw unreadable(
          "is "
              + (Files.isDirectory(path) ? "a directory" : "no file")
              + ": AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE must name the token itself",
          null);
    }
    try (var in = Files.newInputStream(path)) {
      return in.readNBytes(MAX_BYTES);
    } catch (AccessDeniedException e) {
      throw unreadable(
          "may not be read by this process: set the pod's securityContext.fsGroup, or run as the"
              + " user that the file belongs to",
          e);
    } catch (IOException e) {
      throw unreadable("cannot be read: check the pod's volumes", e);
    }
  }

  private PodIdentityException unreadable(String what, @Nullable IOException cause) {
    return new PodIdentityException(
        Reason.TOKEN_UNREADABLE, false, "The token file " + path + " " + what, null, cause);
  }
}
