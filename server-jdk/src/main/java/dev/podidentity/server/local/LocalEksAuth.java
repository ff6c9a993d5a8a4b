package dev.podidentity.server.local;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.token.ServiceAccountToken;
import java.io.IOException;
import java.util.Optional;

/** EKS Auth as the agent beside it asks it: without a connection, but with the faults of one. */
final class LocalEksAuth implements CredentialSource {
  private static final int OK = 200;

  private final LocalCluster cluster;
  private final HttpFaults faults;
  private final CallLog calls;

  LocalEksAuth(LocalCluster cluster, CallLog calls) {
    this.cluster = cluster;
    this.faults = new HttpFaults(cluster.faults());
    this.calls = calls;
  }

  @Override
  public TemporaryCredentials fetch(ServiceAccountToken token) {
    int status = 0;
    try {
      faults.onTheWire();
      TemporaryCredentials credentials = cluster.credentials().fetch(token);
      status = OK;
      return credentials;
    } catch (CredentialException e) {
      status = AwsErrors.of(e).status();
      throw e;
    } catch (IOException e) {
      throw new CredentialException(
          FailureReason.UNREACHABLE, "EKS Auth closed the connection: " + e.getMessage());
    } finally {
      calls.add(
          new LocalEksCall(
              cluster.clock().instant(), AssumeRoleForPodIdentity.NAME, Optional.empty(), status));
    }
  }
}
