package dev.podidentity.client;

import dev.podidentity.pod.PodFailureReason;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Which endpoint and which token: what was set, else what the pod's environment says. */
public final class ContainerSettings {
  private static final String EKS_TOKEN_FILE =
      "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token";

  private final Environment environment;
  private final TokenCheck check;
  private final @Nullable URI endpoint;
  private final @Nullable Path tokenFile;
  private final FileSystem files;

  /**
   * Settings of an application.
   *
   * @param endpoint what was set; null leaves it to the environment
   * @param tokenFile what was set; null leaves it to the environment
   */
  public ContainerSettings(
      Environment environment, TokenCheck check, @Nullable URI endpoint, @Nullable Path tokenFile) {
    this.environment = environment;
    this.check = check;
    this.endpoint = endpoint;
    this.tokenFile = tokenFile;
    this.files = FileSystems.getDefault();
  }

  /**
   * Settings that come from the environment alone.
   *
   * @param files where the environment's files are
   */
  public ContainerSettings(Environment environment, TokenCheck check, FileSystem files) {
    this.environment = environment;
    this.check = check;
    this.endpoint = null;
    this.tokenFile = null;
    this.files = files;
  }

  /**
   * Where to ask. The relative URI goes before the full one, as the SDK has it.
   *
   * @throws AgentFailure if nothing is set, or something that is never asked
   */
  public AgentEndpoint endpoint() {
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
    throw AgentFailure.lasting(
        PodFailureReason.NOT_CONFIGURED,
        "Neither AWS_CONTAINER_CREDENTIALS_FULL_URI nor AWS_CONTAINER_CREDENTIALS_RELATIVE_URI is"
            + " set",
        "EKS sets the first in pods that are created after their service account's pod identity"
            + " association; check the association and restart the pod");
  }

  private String relativeBase() {
    String base = environment.variable(Environment.SERVICE_ENDPOINT);
    return base != null ? base : "http://169.254.170.2";
  }

  /**
   * What to show, read now and checked as far as a pod can.
   *
   * @return null where the agent is asked without a token, as on ECS
   * @throws AgentFailure if there should be one and it cannot be used
   */
  public @Nullable String token() {
    TokenText read = tokenText();
    return read == null ? null : check.usable(read);
  }

  /**
   * What to show, read now. The file goes before the variable: only the file is kept fresh.
   *
   * @return null where the agent is asked without a token
   * @throws AgentFailure if it cannot be read
   */
  public @Nullable TokenText tokenText() {
    if (tokenFile != null) {
      return new TokenFile(tokenFile).read();
    }
    String file = environment.variable(Environment.TOKEN_FILE);
    if (file != null) {
      return new TokenFile(path(file)).read();
    }
    String token = environment.variable(Environment.TOKEN);
    return token == null ? null : new TokenText(token, Environment.TOKEN);
  }

  private Path path(String file) {
    try {
      return files.getPath(file);
    } catch (InvalidPathException e) {
      throw AgentFailure.lasting(
          PodFailureReason.TOKEN_UNREADABLE,
          Environment.TOKEN_FILE + " is no path of a file",
          "on EKS it is " + EKS_TOKEN_FILE);
    }
  }
}
