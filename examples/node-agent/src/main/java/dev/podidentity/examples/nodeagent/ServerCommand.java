package dev.podidentity.examples.nodeagent;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.RequestLimits;
import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.awssdk.eksauth.EksAuthCredentialSource;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.cache.CacheSettings;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.server.PodIdentityServer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The agent of a node, with EKS Auth behind it. */
@Command(
    name = "server",
    description = "Runs the agent of this node.",
    mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(ServerCommand.class);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-c", "--cluster-name"},
      required = true,
      description = "The cluster that this node belongs to.")
  private String clusterName = "";

  @Option(
      names = {"-p", "--port"},
      defaultValue = "80",
      description = "The port of the credential endpoint (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = {"-b", "--bind-hosts"},
      paramLabel = "ADDRESS",
      description =
          "An address to listen on; repeatable. '?' behind it: start without it if need be;"
              + " '?auto': if the node does not have it (default: 169.254.170.23 and"
              + " [fd00:ec2::23]).")
  private List<String> bindHosts = List.of();

  @Option(names = "--endpoint", description = "Another EKS Auth endpoint than the region's.")
  private @Nullable URI endpoint;

  @Mixin private CacheOptions cacheOptions = new CacheOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    BindingRules rules = usable(this::bindingRules);
    CacheSettings settings = usable(cacheOptions::cacheSettings);
    RequestLimits limits = usable(cacheOptions::requestLimits);
    var clients = EksAuthClients.forNode();
    if (endpoint != null) {
      clients.endpoint(endpoint);
    }
    try (var shutdown = new Shutdown();
        var client = clients.build();
        var cache =
            CachingCredentialSource.builder(EksAuthCredentialSource.of(client, clusterName))
                .settings(settings)
                .build();
        var server =
            PodIdentityServer.builder(
                    PodIdentityAgent.builder()
                        .bindingRules(rules)
                        .source(cache)
                        .requestLimits(limits)
                        .build())
                .port(port)
                .start()) {
      for (BindFailure failure : server.unavailable()) {
        log.warn(failure.message());
      }
      log.atInfo().addKeyValue("addresses", server.addresses()).log("The agent is listening");
      shutdown.await();
    }
    return ExitCode.OK;
  }

  private BindingRules bindingRules() {
    return bindHosts.isEmpty() ? BindingRules.defaults() : BindingRules.parse(bindHosts);
  }

  private <T> T usable(Supplier<T> options) {
    try {
      return options.get();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }
}
