package dev.podidentity.examples.nodeagent;

import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.TemporaryCredentials;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;

/** What an application in a pod does: fetches credentials with the AWS SDK, knowing no agent. */
final class Demo {
  private final PrintWriter out;
  private final Issuances issuances;

  Demo(PrintWriter out, Issuances issuances) {
    this.out = out;
    this.issuances = issuances;
  }

  void run(URI agent, Path tokenFile) {
    // In a pod these are environment variables, which a JVM cannot set for itself.
    set(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI, agent.toString());
    set(SdkSystemSetting.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, tokenFile.toString());
    if (agent.getHost().equals(BindingRules.DEFAULT_IPV6)) {
      set(SdkSystemSetting.AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, "IPv6");
    }
    try (var provider = ContainerCredentialsProvider.create()) {
      print(agent, provider.resolveCredentials());
    }
  }

  private void print(URI agent, AwsCredentials fetched) {
    TemporaryCredentials issued = issuances.find(fetched.accessKeyId()).orElseThrow();
    out.println();
    out.println("The AWS SDK's ContainerCredentialsProvider asked " + agent + " and got");
    out.println("  access key id  " + issued.accessKeyId() + " (synthetic: AWS knows no such key)");
    issued.assumedRoleUser().ifPresent(role -> out.println("  role session   " + role.arn()));
    issued.association().ifPresent(by -> out.println("  association    " + by.id()));
    out.println("  expires        " + issued.expiration());
    out.flush();
  }

  private static void set(SdkSystemSetting setting, String value) {
    System.setProperty(setting.property(), value);
  }
}
