package dev.podidentity.doctor;

import dev.podidentity.client.AgentEndpoint;
import dev.podidentity.client.AgentFailure;
import dev.podidentity.client.ContainerSettings;
import dev.podidentity.client.Environment;
import dev.podidentity.doctor.Finding.Code;
import java.net.Inet6Address;
import java.net.UnknownHostException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which credentials SDKs find, and where they ask for those of pod identity. */
final class EnvironmentCheck {
  private static final String METADATA_MODE = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";

  private final Environment environment;
  private final FileSystem files;
  private final Findings findings;

  EnvironmentCheck(Environment environment, FileSystem files, Findings findings) {
    this.environment = environment;
    this.files = files;
    this.findings = findings;
  }

  /** Where the agent is asked; empty where nothing can be asked. */
  Optional<AgentEndpoint> endpoint(ContainerSettings settings) {
    Optional<AgentEndpoint> endpoint = find(settings);
    endpoint.filter(EnvironmentCheck::isIpv6OnALink).ifPresent(this::requireIpv6Mode);
    whatComesFirst();
    return endpoint;
  }

  private Optional<AgentEndpoint> find(ContainerSettings settings) {
    boolean relative = isSet(Environment.RELATIVE_URI);
    boolean full = isSet(Environment.FULL_URI);
    try {
      AgentEndpoint endpoint = settings.endpoint();
      findings.good(
          Code.ENDPOINT,
          (relative ? Environment.RELATIVE_URI : Environment.FULL_URI)
              + " leads to the agent at "
              + endpoint);
      if (relative && full) {
        findings.add(
            Code.RELATIVE_URI_FIRST,
            Environment.RELATIVE_URI + " and " + Environment.FULL_URI + " are both set",
            "SDKs take the first: remove it from the pod's specification");
      }
      return Optional.of(endpoint);
    } catch (AgentFailure e) {
      findings.add(relative || full ? Code.ENDPOINT_REFUSED : Code.NO_ENDPOINT, e);
      return Optional.empty();
    }
  }

  private static boolean isIpv6OnALink(AgentEndpoint endpoint) {
    try {
      var address = endpoint.host().startsWith("[") ? endpoint.resolve().getAddress() : null;
      return address instanceof Inet6Address && !address.isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError("a literal needs no look-up", e);
    }
  }

  private void requireIpv6Mode(AgentEndpoint endpoint) {
    String mode = environment.variable(METADATA_MODE);
    if (mode == null || !mode.equalsIgnoreCase("IPv6")) {
      findings.add(
          Code.IPV6_MODE_OFF,
          "The AWS SDK for Java 1, and 2 in versions up to 2.46, refuse "
              + endpoint
              + " unless "
              + METADATA_MODE
              + " is IPv6",
          "use a newer AWS SDK for Java 2 (2.57.8 takes it), or PodIdentityCredentialsProvider; or"
              + " set "
              + METADATA_MODE
              + "=IPv6 in the pod, which also has SDKs ask the instance metadata service over"
              + " IPv6");
    }
  }

  private void whatComesFirst() {
    if (isSet("AWS_ACCESS_KEY_ID") && isSet("AWS_SECRET_ACCESS_KEY")) {
      findings.add(
          Code.STATIC_KEYS_FIRST,
          "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set, and SDKs take them before pod"
              + " identity",
          "remove them from the pod's specification ('env' and 'envFrom')");
    }
    if (isSet("AWS_WEB_IDENTITY_TOKEN_FILE") && isSet("AWS_ROLE_ARN")) {
      findings.add(
          Code.WEB_IDENTITY_FIRST,
          "AWS_WEB_IDENTITY_TOKEN_FILE is set, and SDKs take its role before pod identity: "
              + environment.variable("AWS_ROLE_ARN"),
          "remove the annotation eks.amazonaws.com/role-arn from the service account and restart"
              + " the pod");
    }
    String profile = environment.variable("AWS_PROFILE");
    if (profile != null) {
      findings.add(
          Code.PROFILE_FIRST,
          "AWS_PROFILE is '" + profile + "', and SDKs may take it before pod identity",
          "remove it from the pod's specification, unless that profile is meant");
    } else {
      sharedFile()
          .ifPresent(
              file ->
                  findings.add(
                      Code.PROFILE_FIRST,
                      "There is a shared credentials file "
                          + file
                          + ", and SDKs may take its keys"
                          + " before pod identity",
                      "remove it from the image or the pod's volumes"));
    }
  }

  private Optional<String> sharedFile() {
    @Nullable String file = environment.variable("AWS_SHARED_CREDENTIALS_FILE");
    @Nullable String home = environment.variable("HOME");
    if (file == null && home != null) {
      file = home + "/.aws/credentials";
    }
    try {
      return Optional.ofNullable(file).filter(path -> Files.exists(files.getPath(path)));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private boolean isSet(String name) {
    return environment.variable(name) != null;
  }
}
