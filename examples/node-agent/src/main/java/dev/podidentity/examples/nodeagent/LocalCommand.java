package dev.podidentity.examples.nodeagent;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.association.AssociationException;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.UpdateAssociation;
import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.awssdk.eksauth.EksAuthCredentialSource;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.LocalPod;
import dev.podidentity.server.PodIdentityServer;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A cluster, an EKS and an agent in this process: pod identity without an AWS account. */
@Command(
    name = "local",
    description = "Runs a local cluster, its EKS and an agent, on loopback only.",
    mixinStandardHelpOptions = true)
final class LocalCommand implements Callable<Integer> {
  private static final String DEFAULT_ASSOCIATION =
      "default/my-service-account=arn:aws:iam::111122223333:role/my-role";
  private static final String REGION = "us-west-2";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--demo", description = "Fetch credentials with the AWS SDK, print, and exit.")
  private boolean demo;

  @Option(
      names = "--credential-lifetime",
      defaultValue = "6h",
      description = "How long credentials live (default: ${DEFAULT-VALUE}).")
  private Duration credentialLifetime = LocalCluster.DEFAULT_CREDENTIAL_LIFETIME;

  @Option(
      names = {"-b", "--bind-hosts"},
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1,[::1]?auto",
      split = ",",
      description = "Where the agent listens; repeatable (default: ${DEFAULT-VALUE}).")
  private List<String> bindHosts = List.of();

  @Option(
      names = "--agent-port",
      defaultValue = "0",
      description = "The agent's port; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int agentPort;

  @Option(
      names = "--port",
      defaultValue = "0",
      description = "The port of EKS; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data-dir",
      paramLabel = "FOLDER",
      description = "Keep associations in this folder; in memory if not given.")
  private @Nullable Path dataDir;

  @Option(
      names = "--association",
      paramLabel = "NAMESPACE/SERVICE-ACCOUNT=ROLE-ARN",
      defaultValue = DEFAULT_ASSOCIATION,
      description = "Associate at the start; repeatable (default: ${DEFAULT-VALUE}).")
  private List<String> associations = List.of();

  @Override
  public Integer call() throws IOException, InterruptedException {
    Map<ServiceAccountRef, RoleArn> wanted = associations();
    BindingRules bindingRules = bindingRules();
    var issuances = new Issuances();
    try (var shutdown = new Shutdown();
        var eks = startEks();
        var client =
            EksAuthClients.forNode()
                .endpoint(eks.endpoint())
                .region(REGION)
                .credentials(
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("AKIA0LOCAL0NODE00000", "local-node")))
                .build();
        var cache =
            CachingCredentialSource.builder(
                    EksAuthCredentialSource.of(client, eks.cluster().name()))
                .verifier(verifier(eks.cluster()))
                .build();
        var agent =
            PodIdentityServer.builder(
                    PodIdentityAgent.builder()
                        .bindingRules(bindingRules)
                        .source(cache)
                        .listener(issuances)
                        .build())
                .port(agentPort)
                .start()) {
      wanted.forEach((account, role) -> associate(eks, account, role));
      LocalPod pod = eks.cluster().startPod(wanted.keySet().iterator().next(), "my-pod");
      try (var token = ProjectedTokenFile.mount(eks.cluster(), pod)) {
        PrintWriter out = spec.commandLine().getOut();
        printSetup(out, eks, agent, token);
        if (demo) {
          for (URI uri : agent.credentialUris()) {
            new Demo(out, issuances).run(uri, token.path());
          }
        } else {
          WhatToTry.print(out, eks.endpoint(), agent.credentialUris().get(0), token.path());
          shutdown.await();
        }
      }
    }
    return ExitCode.OK;
  }

  private static TokenVerifier verifier(LocalCluster cluster) {
    return TokenVerifier.jwks(
        cluster.issuer(), cluster::jwks, cluster.clock(), PodIdentityAgent.DEFAULT_CLOCK_SKEW);
  }

  private LocalEks startEks() throws IOException {
    try {
      return LocalEks.builder()
          .region(REGION)
          .credentialLifetime(credentialLifetime)
          .dataDir(dataDir)
          .port(port)
          .start();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--credential-lifetime: " + e.getMessage());
    }
  }

  private BindingRules bindingRules() {
    try {
      return BindingRules.parse(bindHosts);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "-b: " + e.getMessage());
    }
  }

  private Map<ServiceAccountRef, RoleArn> associations() {
    var parsed = new LinkedHashMap<ServiceAccountRef, RoleArn>();
    for (String text : associations) {
      int equals = text.indexOf('=');
      try {
        if (equals < 0) {
          throw new IllegalArgumentException(
              "'" + text + "' has no '=': write namespace/service-account=role-arn");
        }
        parsed.put(
            ServiceAccountRef.parse(text.substring(0, equals)),
            RoleArn.parse(text.substring(equals + 1)));
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--association: " + e.getMessage());
      }
    }
    return parsed;
  }

  // What the data folder holds from the last time gives way to the command line.
  private void associate(LocalEks eks, ServiceAccountRef account, RoleArn role) {
    try {
      var there = eks.associations().find(account);
      if (there.isEmpty()) {
        eks.associations().create(account, role);
      } else if (!there.get().roleArn().equals(role)) {
        eks.associations()
            .update(there.get().associationId(), UpdateAssociation.builder().roleArn(role).build());
      }
    } catch (AssociationException e) {
      throw new ParameterException(spec.commandLine(), "--association: " + e.getMessage());
    }
  }

  private static void printSetup(
      PrintWriter out, LocalEks eks, PodIdentityServer agent, ProjectedTokenFile token) {
    out.println("# A local EKS with the cluster " + eks.cluster().name() + ": " + eks.endpoint());
    for (BindFailure failure : agent.unavailable()) {
      out.println("# " + failure.message());
    }
    out.println("# The agent serves " + agent.credentialUris());
    out.println("# These lines point any AWS SDK and the AWS CLI at it:");
    out.println("export AWS_CONTAINER_CREDENTIALS_FULL_URI=" + agent.credentialUris().get(0));
    out.println("export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=" + token.path());
    eks.associations()
        .all()
        .forEach(
            association -> {
              out.println(
                  "# Association "
                      + association.associationId()
                      + ": "
                      + association.serviceAccount()
                      + " has");
              out.println("# " + association.roleArn());
            });
    out.flush();
  }
}
