package dev.podidentity.examples.nodeagent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks a running local cluster for a token, as a kubelet asks an API server. */
@Command(
    name = "token",
    description = "Prints a fresh token of a running local cluster.",
    mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private LocalEksOption eks = new LocalEksOption();

  @Option(
      names = "--namespace",
      required = true,
      paramLabel = "NAME",
      description = "The pod's namespace; required.")
  private String namespace = "";

  @Option(
      names = "--service-account",
      required = true,
      paramLabel = "NAME",
      description = "The pod's service account; required.")
  private String serviceAccount = "";

  @Option(
      names = "--pod",
      required = true,
      paramLabel = "NAME",
      description = "The pod's name; required.")
  private String pod = "";

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonNode answer;
    try {
      var account = new ServiceAccountRef(namespace, serviceAccount);
      var path = "/api/v1/namespaces/%s/serviceaccounts/%s/token";
      answer = eks.client(spec).post(path.formatted(account.namespace(), account.name()), body());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    String token = answer.path("status").path("token").asText();
    if (token.isEmpty()) {
      throw new IOException(
          "The answer has no token: give --endpoint the URL of a local EKS, as 'local' prints it");
    }
    spec.commandLine().getOut().println(token);
    return ExitCode.OK;
  }

  private String body() {
    var json = JsonNodeFactory.instance.objectNode();
    json.putObject("spec").putObject("boundObjectRef").put("kind", "Pod").put("name", pod);
    return json.toString();
  }
}
