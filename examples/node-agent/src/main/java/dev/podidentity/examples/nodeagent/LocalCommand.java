package dev.podidentity.examples.nodeagent;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.association.RoleArn;
import dev.podidentity.awssdk.EksAuthClients;
import dev.podidentity.awssdk.EksAuthCredentialSource;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.LocalPod;
import dev.podidentity.server.PodIdentityServer;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
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
  private static final ServiceAccountRef SERVICE_ACCOUNT =
      new ServiceAccountRef("default", "my-service-account");
  private static final RoleArn ROLE = RoleArn.parse("arn:aws:iam::111122223333:role/my-role");
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

  @Override
  public Integer call() throws IOException, InterruptedException {
    LocalCluster cluster = cluster();
    var association = cluster.associations().create(SERVICE_ACCOUNT, ROLE);
    LocalPod pod = cluster.startPod(SERVICE_ACCOUNT, "my-pod");
    var issuances = new Issuances();
    try (var shutdown = new Shutdown();
        var eks = LocalEks.start(cluster);
        var client =
            EksAuthClients.forNode()
                .endpoint(eks.endpoint())
                .region(REGION)
                .credentials(
                    StaticCredentialsProvider.create(
                        AwsBasicCredentials.create("AKIA0LOCAL0NODE00000", "local-node")))
                .build();
        var cache =
            CachingCredentialSource.builder(EksAuthCredentialSource.of(client, cluster.name()))
                .build();
        var agent =
            PodIdentityServer.builder(
                    PodIdentityAgent.builder()
                        .bindingRules(bindingRules())
                        .source(cache)
                        .listener(issuances)
                        .build())
                .port(agentPort)
                .start();
        var token = ProjectedTokenFile.write(cluster.projectedToken(pod))) {
      PrintWriter out = spec.commandLine().getOut();
      printSetup(out, eks, agent, token);
      out.println("# Association " + association.associationId() + ": " + SERVICE_ACCOUNT + " has");
      out.println("# " + ROLE);
      if (demo) {
        for (URI uri : agent.credentialUris()) {
          new Demo(out, issuances).run(uri, token.path());
        }
      } else {
        WhatToTry.print(out, agent.credentialUris().get(0), token.path());
        shutdown.await();
      }
    }
    return ExitCode.OK;
  }

  private LocalCluster cluster() {
    try {
      return LocalCluster.builder().region(REGION).credentialLifetime(credentialLifetime).build();
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

  private static void printSetup(
      PrintWriter out, LocalEks eks, PodIdentityServer agent, ProjectedTokenFile token) {
    out.println("# A local EKS with the cluster my-cluster: " + eks.endpoint());
    for (BindFailure failure : agent.unavailable()) {
      out.println("# " + failure.message());
    }
    out.println("# The agent serves " + agent.credentialUris());
    out.println("# These lines point any AWS SDK and the AWS CLI at it:");
    out.println("export AWS_CONTAINER_CREDENTIALS_FULL_URI=" + agent.credentialUris().get(0));
    out.println("export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=" + token.path());
    out.flush();
  }
}
