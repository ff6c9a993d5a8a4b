package dev.podidentity.examples.nodeagent;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** Which daemon set of which local EKS a rollout command is about. */
final class RolloutTarget {
  static final String NAME = "eks-pod-identity-agent";

  private static final String RESOURCE = "daemonset/" + NAME;
  private static final String NAMESPACE = "kube-system";
  private static final String APPS = "/apis/apps/v1/namespaces/" + NAMESPACE;

  @Spec(Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  @Mixin private LocalEksOption eks = new LocalEksOption();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NAME",
      defaultValue = NAMESPACE,
      description = "The agents' namespace (default: ${DEFAULT-VALUE}).")
  private String namespace = NAMESPACE;

  @Parameters(
      arity = "0..1",
      paramLabel = "RESOURCE",
      defaultValue = RESOURCE,
      description = "The agents' daemon set (default: ${DEFAULT-VALUE}).")
  private String resource = RESOURCE;

  JsonNode daemonSet() throws IOException, InterruptedException {
    return client().get(APPS + "/daemonsets/" + NAME);
  }

  JsonNode revisions() throws IOException, InterruptedException {
    return client().get(APPS + "/controllerrevisions").path("items");
  }

  /** Has something done with the rollout, and says so as kubectl does. */
  void change(String verb, String done) throws IOException, InterruptedException {
    client().post(APPS + "/daemonsets/" + NAME + "/" + verb, "");
    command.commandLine().getOut().println("daemonset.apps/" + NAME + " " + done);
  }

  private LocalEksClient client() {
    if (!namespace.equals(NAMESPACE) || !resource.equals(RESOURCE)) {
      throw new ParameterException(
          command.commandLine(),
          "there is no "
              + resource
              + " in namespace "
              + namespace
              + ": a local EKS has "
              + RESOURCE
              + " in "
              + NAMESPACE);
    }
    return eks.client(command);
  }
}
