package dev.podidentity.examples.nodeagent;

import dev.podidentity.doctor.Diagnosis;
import dev.podidentity.doctor.Doctor;
import dev.podidentity.server.operations.OperationsServer;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eksauth.endpoints.EksAuthEndpointProvider;

/** Tells the owner of a pod, or of a node, what is wrong. */
@Command(
    name = "doctor",
    description = {
      "Finds out why this pod gets credentials, or does not: one finding a line, each with what to"
          + " do. Asks the agent, and EKS Auth if told to, and prints no token and no key.",
      "Run it in the pod, with the pod's environment; with --node on a node."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Nothing is wrong.",
      "1:There is an error: no program gets credentials like this.",
      "2:The command line makes no sense.",
      "3:There is a warning and no error: it works for some programs, or for now."
    },
    footer = {"", "docs/troubleshooting.md explains each finding."},
    mixinStandardHelpOptions = true)
final class DoctorCommand implements Callable<Integer> {
  private static final int WARNINGS = 3;
  private static final List<String> FLAGS_OF_A_NODE =
      List.of("--bind-hosts", "--port", "--probe-port", "--endpoint", "--region");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "Print one JSON object in place of lines.")
  private boolean json;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "3s",
      description = "How long one request may take (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Doctor.DEFAULT_TIMEOUT;

  @Option(
      names = "--node",
      description = "Examine this node's agent, by its addresses and probes, in place of a pod.")
  private boolean node;

  @Mixin private AddressOptions addresses = new AddressOptions();

  @Option(
      names = "--probe-port",
      paramLabel = "PORT",
      defaultValue = "2703",
      description = "The port of the agent's probes (default: ${DEFAULT-VALUE}).")
  private int probePort = OperationsServer.DEFAULT_PROBE_PORT;

  @Option(
      names = "--region",
      paramLabel = "REGION",
      description = "Try the way to EKS Auth of this region as well, without a token.")
  private @Nullable String region;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "The same, to this endpoint of EKS Auth.")
  private @Nullable URI endpoint;

  @Override
  public Integer call() {
    Diagnosis diagnosis = doctor().build().examine();
    PrintWriter out = spec.commandLine().getOut();
    (json ? DiagnosisText.json(diagnosis) : DiagnosisText.lines(diagnosis)).forEach(out::println);
    out.flush();
    return switch (diagnosis.worst()) {
      case OK -> ExitCode.OK;
      case WARNING -> WARNINGS;
      case ERROR -> ExitCode.SOFTWARE;
    };
  }

  private Doctor.Builder doctor() {
    var doctor = BadFlagException.check("--timeout", () -> Doctor.builder().timeout(timeout));
    if (node) {
      eksAuth().ifPresent(doctor::eksAuth);
      return doctor.node(
          addresses.bindingRules(),
          aPort("--port", addresses.port()),
          aPort("--probe-port", BadFlagException.port("--probe-port", probePort)));
    }
    for (String flag : FLAGS_OF_A_NODE) {
      if (spec.commandLine().getParseResult().hasMatchedOption(flag)) {
        throw new BadFlagException(flag, "goes together with --node alone: add it or leave it out");
      }
    }
    return doctor;
  }

  private Optional<URI> eksAuth() {
    if (endpoint != null || region == null) {
      return Optional.ofNullable(endpoint);
    }
    Region named = Region.of(region);
    return Optional.of(
        EksAuthEndpointProvider.defaultProvider()
            .resolveEndpoint(parameters -> parameters.region(named))
            .join()
            .url());
  }

  // What takes a free port can only be looked for where that is known.
  private static int aPort(String flag, int port) {
    return BadFlagException.atLeast(1, flag, port);
  }
}
