package dev.podidentity.examples.nodeagent;

import dev.podidentity.association.AssociationException;
import dev.podidentity.association.RoleArn;
import dev.podidentity.association.UpdateAssociation;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.local.LocalPod;
import dev.podidentity.server.local.LocalEks;
import dev.podidentity.server.local.LocalEksNode;
import dev.podidentity.token.ServiceAccountRef;
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

/** A cluster, an EKS and an agent in this process: pod identity without an AWS account. */
@Command(
    name = "local",
    description = "Runs a local cluster, its EKS and agents, on loopback only.",
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
      paramLabel = "DURATION",
      defaultValue = "6h",
      description = "How long credentials live (default: ${DEFAULT-VALUE}).")
  private Duration credentialLifetime = LocalCluster.DEFAULT_CREDENTIAL_LIFETIME;

  @Option(
      names = {"-b", "--bind-hosts"},
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1,[::1]?auto",
      split = ",",
      description = "Where the first node's agent listens; repeatable (default: ${DEFAULT-VALUE}).")
  private List<String> bindHosts = List.of();

  @Option(
      names = "--agent-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description =
          "The port of the first node's agent; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int agentPort;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many nodes there are, each with an agent (default: ${DEFAULT-VALUE}).")
  private int nodes;

  @Option(
      names = "--no-agents",
      description = "Leave nodes without agents until the add-on is created.")
  private boolean noAgents;

  @Option(
      names = "--agent-start-time",
      paramLabel = "DURATION",
      defaultValue = "0",
      description =
          "How long an agent of the add-on takes to get ready, so that a rollout can be watched"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration agentStartTime = Duration.ZERO;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "The port of EKS; 0 takes a free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data-dir",
      paramLabel = "FOLDER",
      description = "Keep associations and the add-on in this folder; in memory if not given.")
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
    var issuances = new Issuances();
    try (var source = new CachedEksAuth(REGION);
        var eks = startEks(source, issuances)) {
      wanted.forEach((account, role) -> associate(eks, account, role));
      LocalPod pod = eks.cluster().startPod(wanted.keySet().iterator().next(), "my-pod");
      try (var token = ProjectedTokenFile.mount(eks.cluster(), pod)) {
        PrintWriter out = spec.commandLine().getOut();
        LocalEksNode node = eks.nodes().get(0);
        printSetup(out, eks, node, token);
        if (demo) {
          for (URI uri : node.credentialUris()) {
            new Demo(out, issuances).run(uri, token.path());
          }
        } else {
          var shutdown = Shutdown.onSignal();
          WhatToTry.print(out, eks.endpoint(), node.credentialsUri(), token.path());
          shutdown.await();
        }
      }
    }
    return ExitCode.OK;
  }

  private LocalEks startEks(CachedEksAuth source, Issuances issuances) throws IOException {
    var settings = LocalEks.builder().region(REGION).dataDir(dataDir).port(port);
    settings.firstNode(bindingRules(), agentPort).agentSource(source).agentListener(issuances);
    checked("--nodes", () -> settings.nodes(nodes));
    checked("--agent-start-time", () -> settings.agentStartTime(agentStartTime));
    settings.credentialLifetime(credentialLifetime);
    if (noAgents) {
      settings.withoutAgents();
    }
    try {
      return settings.start();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--credential-lifetime: " + e.getMessage());
    }
  }

  private void checked(String flag, Runnable setting) {
    try {
      setting.run();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), flag + ": " + e.getMessage(), e);
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
      PrintWriter out, LocalEks eks, LocalEksNode node, ProjectedTokenFile token) {
    out.println("# A local EKS with the cluster " + eks.cluster().name() + ": " + eks.endpoint());
    for (BindFailure failure : node.unavailable()) {
      out.println("# " + failure.message());
    }
    for (LocalEksNode one : eks.nodes()) {
      out.println("# The agent of " + one.name() + " serves " + one.credentialUris());
    }
    out.println("# These lines point any AWS SDK and the AWS CLI at it:");
    out.println("export AWS_CONTAINER_CREDENTIALS_FULL_URI=" + node.credentialsUri());
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
