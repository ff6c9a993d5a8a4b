package dev.podidentity.examples.nodeagent;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
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
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int CREATED = 201;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      defaultValue = "${env:AWS_ENDPOINT_URL_EKS}",
      description =
          "The local EKS, as 'local' prints it (default: the variable AWS_ENDPOINT_URL_EKS).")
  private String endpoint = "";

  @Option(names = "--namespace", required = true, description = "The pod's namespace.")
  private String namespace = "";

  @Option(names = "--service-account", required = true, description = "The pod's service account.")
  private String serviceAccount = "";

  @Option(names = "--pod", required = true, description = "The pod's name.")
  private String pod = "";

  @Override
  public Integer call() throws IOException, InterruptedException {
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request(), BodyHandlers.ofString());
    if (answer.statusCode() != CREATED) {
      throw new IOException("The local EKS answered " + answer.statusCode());
    }
    var token = new JsonMapper().readTree(answer.body()).path("status").path("token");
    spec.commandLine().getOut().println(token.asText());
    return ExitCode.OK;
  }

  private HttpRequest request() {
    try {
      var account = new ServiceAccountRef(namespace, serviceAccount);
      var uri =
          URI.create(endpoint)
              .resolve(
                  "/api/v1/namespaces/"
                      + account.namespace()
                      + "/serviceaccounts/"
                      + account.name()
                      + "/token");
      var json = new JsonMapper().createObjectNode();
      json.putObject("spec").putObject("boundObjectRef").put("kind", "Pod").put("name", pod);
      return HttpRequest.newBuilder(uri)
          .timeout(TIMEOUT)
          .header("Content-Type", "application/json")
          .POST(BodyPublishers.ofString(json.toString()))
          .build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          spec.commandLine(), e.getMessage() + " (--endpoint takes the URL that 'local' prints)");
    }
  }
}
