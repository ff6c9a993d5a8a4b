package dev.podidentity.server.local;

import dev.podidentity.local.LocalPod;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;

/**
 * A pod of a local EKS, with what EKS gives to its containers.
 *
 * @param pod the pod
 * @param tokenFile the file with its token, which the kubelet keeps fresh
 * @param credentialsUri where the agent answers
 */
public record LocalEksPod(LocalPod pod, Path tokenFile, URI credentialsUri) {
  /** The environment variables that EKS sets, from which every AWS SDK finds the agent. */
  public Map<String, String> environment() {
    return Map.of(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI", credentialsUri.toString(),
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", tokenFile.toString());
  }
}
