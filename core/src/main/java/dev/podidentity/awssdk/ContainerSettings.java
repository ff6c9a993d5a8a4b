package dev.podidentity.awssdk;

import dev.podidentity.awssdk.PodIdentityException.Reason;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which endpoint and which token: what was set, else what the pod's environment says. */
final class ContainerSettings {
  private final Environment environment;
  private final TokenCheck check;
  private final @Nullable URI endpoint;
  private final @Nullable Path tokenFile;

  ContainerSettings(
      Environment environment, TokenCheck check, @Nullable URI endpoint, @Nullable Path tokenFile) {
    this.environment = environment;
    this.check = check;
    this.endpoint = endpoint;
    this.tokenFile = tokenFile;
  }

  // The relative URI goes before the full one, as the SDK has it.
  AgentEndpoint endpoint() {
    if (endpoint != null) {
      return AgentEndpoint.parse(endpoint.toString(), "The endpoint that was set");
    }
    String relative = environment.variable(Environment.RELATIVE_URI);
    if (relative != null) {
      return AgentEndpoint.parse(relativeBase() + relative, Environment.RELATIVE_URI);
    }
    String full = environment.variable(Environment.FULL_URI);
    if (full != null) {
      return AgentEndpoint.parse(full, Environment.FULL_URI);
    }
    throw new PodIdentityException(
        Reason.NOT_CONFIGURED,
        false,
        "Neither AWS_CONTAINER_CREDENTIALS_FULL_URI nor AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is"
            + " set: EKS sets the first in pods that are created after their service account's pod"
            + " identity association; check the association and restart the pod");
  }

  private String relativeBase() {
    String base = environment.variable(Environment.SERVICE_ENDPOINT);
    return base != null ? base : "http://169.254.170.2";
  }

  // The file goes before the variable: only the file is kept fresh.
  TokenSource token() {
    if (tokenFile != null) {
      return new TokenFile(tokenFile, check);
    }
    String file = environment.variable(Environment.TOKEN_FILE);
    if (file != null) {
      return new TokenFile(path(file), check);
    }
    String token = environment.variable(Environment.TOKEN);
    return () -> token == null ? null : check.usable(token, Environment.TOKEN);
  }

  private static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new PodIdentityException(
          Reason.TOKEN_UNREADABLE, false, Environment.TOKEN_FILE + " is no path of a file");
    }
  }
}
