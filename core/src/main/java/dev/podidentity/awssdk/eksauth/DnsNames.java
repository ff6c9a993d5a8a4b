package dev.podidentity.awssdk.eksauth;

import java.net.URI;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.regions.PartitionMetadata;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eksauth.EksAuthClient;
import software.amazon.awssdk.services.eksauth.EksAuthServiceClientConfiguration;
import software.amazon.awssdk.services.eksauth.endpoints.EksAuthEndpointProvider;
import software.amazon.awssdk.services.eksauth.model.AssumeRoleForPodIdentityRequest;
import software.amazon.awssdk.services.eksauth.model.AssumeRoleForPodIdentityResponse;

/**
 * Asks EKS Auth by the region's name, and by the older form of it where only that one is known to
 * DNS: private networks that were set up by hand have the one or the other. The name that answered
 * last is asked first. Each of the two has the whole budget of a call: a name that is not known
 * fails at once, as a rule.
 */
final class DnsNames implements EksAuthClient {
  private static final Logger log = LoggerFactory.getLogger(DnsNames.class);

  private final EksAuthClient client;
  private final Name regional;
  private final Name older;
  private volatile Name answering;

  private DnsNames(EksAuthClient client, Name regional, Name older) {
    this.client = client;
    this.regional = regional;
    this.older = older;
    this.answering = regional;
  }

  /** The client itself where it was told an endpoint: then that one is asked and no other. */
  static EksAuthClient askedByBoth(EksAuthClient client, Region region) {
    if (client.serviceClientConfiguration().endpointOverride().isPresent()) {
      return client;
    }
    Endpoint standard =
        EksAuthEndpointProvider.defaultProvider().resolveEndpoint(p -> p.region(region)).join();
    var regional = new Name(standard.url());
    var older =
        new Name(
            URI.create(
                "https://eks-auth."
                    + region.id()
                    + "."
                    + PartitionMetadata.of(region).dnsSuffix()));
    return new DnsNames(client, regional, older);
  }

  @Override
  public AssumeRoleForPodIdentityResponse assumeRoleForPodIdentity(
      AssumeRoleForPodIdentityRequest request) {
    Name asked = answering;
    try {
      return client.assumeRoleForPodIdentity(asked.equals(regional) ? request : by(asked, request));
    } catch (SdkClientException e) {
      if (!isUnknown(asked, e)) {
        throw e;
      }
      return askBy(asked.equals(regional) ? older : regional, request, e);
    }
  }

  // Only who answers is remembered: a name that leads nowhere is no better than an unknown one.
  private AssumeRoleForPodIdentityResponse askBy(
      Name other, AssumeRoleForPodIdentityRequest request, SdkClientException unknown) {
    try {
      var answer = client.assumeRoleForPodIdentity(by(other, request));
      answered(other);
      return answer;
    } catch (AwsServiceException e) {
      answered(other);
      throw e;
    } catch (SdkClientException e) {
      unknown.addSuppressed(e);
      throw unknown;
    }
  }

  private void answered(Name name) {
    log.atInfo().addKeyValue("host", name.host()).log("EKS Auth is asked by its other DNS name");
    answering = name;
  }

  private static AssumeRoleForPodIdentityRequest by(
      Name name, AssumeRoleForPodIdentityRequest request) {
    EksAuthEndpointProvider provider =
        parameters -> CompletableFuture.completedFuture(Endpoint.builder().url(name.url()).build());
    return request.toBuilder()
        .overrideConfiguration(override -> override.endpointProvider(provider))
        .build();
  }

  // The FIPS endpoint and a proxy have names of their own, in place of which no other is asked.
  private static boolean isUnknown(Name name, Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        String message = String.valueOf(cause.getMessage());
        return message.equals(name.host()) || message.startsWith(name.host() + ":");
      }
    }
    return false;
  }

  @Override
  public EksAuthServiceClientConfiguration serviceClientConfiguration() {
    return client.serviceClientConfiguration();
  }

  @Override
  public String serviceName() {
    return client.serviceName();
  }

  @Override
  public void close() {
    client.close();
  }

  private record Name(URI url) {
    String host() {
      return url.getHost();
    }
  }
}
