package dev.podidentity.server;

import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.awssdk.eksauth.EksAuthCredentialSource;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import java.net.URI;

/** Asks EKS Auth once, with nothing but what the environment of the node has. */
final class NodeAskingEksAuth {
  private NodeAskingEksAuth() {}

  /** Prints the reason of the failure. */
  public static void main(String[] args) {
    var cluster = LocalCluster.builder().build();
    var token =
        ServiceAccountToken.parse(
            cluster.projectedToken(
                cluster.startPod(new ServiceAccountRef("default", "sa"), "pod")));
    var clients = EksAuthClients.forNode();
    String endpoint = System.getenv("TEST_ENDPOINT");
    if (endpoint != null) {
      clients.endpoint(URI.create(endpoint));
    }
    try (var client = clients.build()) {
      EksAuthCredentialSource.of(client, "my-cluster").fetch(token);
    } catch (CredentialException e) {
      System.out.println("reason=" + e.reason() + " cause=" + e.getCause());
    }
  }
}
