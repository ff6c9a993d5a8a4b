package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the agent takes from the environment of its node, and what it leaves alone. */
class NodeEnvironmentTest {
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private HttpServer stub;
  @TempDir private Path folder;

  @BeforeEach
  void start() throws IOException {
    stub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    stub.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
          exchange.getResponseHeaders().set("x-amzn-ErrorType", "AccessDeniedException");
          exchange.sendResponseHeaders(400, -1);
          exchange.close();
        });
    stub.start();
  }

  @AfterEach
  void stop() {
    stub.stop(0);
  }

  @Test
  void asksThroughTheProxyOfTheEnvironment() throws Exception {
    String output =
        askWith(
            Map.of(
                "AWS_ACCESS_KEY_ID",
                "AKIA0LOCAL0NODE00000",
                "AWS_SECRET_ACCESS_KEY",
                "LocalSecret/node",
                "TEST_ENDPOINT",
                "http://eks-auth.example",
                "http_proxy",
                stubUri()));

    assertThat(output).contains("reason=ACCESS_DENIED");
    assertThat(asked)
        .containsExactly(
            "POST http://eks-auth.example/clusters/my-cluster/assume-role-for-pod-identity");
  }

  @Test
  void asksTheEndpointOfTheEnvironment() throws Exception {
    askWith(
        Map.of(
            "AWS_ACCESS_KEY_ID",
            "AKIA0LOCAL0NODE00000",
            "AWS_SECRET_ACCESS_KEY",
            "LocalSecret/node",
            "AWS_ENDPOINT_URL_EKS_AUTH",
            stubUri()));

    assertThat(asked).containsExactly("POST /clusters/my-cluster/assume-role-for-pod-identity");
  }

  @Test
  void neverAsksTheContainerProvider() throws Exception {
    String output = askWith(containerVariables());

    assertThat(output).contains("reason=NODE_CREDENTIALS");
    assertThat(asked).isEmpty();
  }

  @Test
  void neverAsksTheContainerProviderThatAProfileNames() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("config"),
            """
            [default]
            role_arn = arn:aws:iam::111122223333:role/node
            source_profile = base
            [profile base]
            role_arn = arn:aws:iam::111122223333:role/base
            credential_source = EcsContainer
            """);
    var environment = new HashMap<>(containerVariables());
    environment.put("AWS_CONFIG_FILE", config.toString());

    String output = askWith(environment);

    assertThat(output)
        .contains("reason=NODE_CREDENTIALS")
        .contains("'base' has credential_source = EcsContainer");
    assertThat(asked).isEmpty();
  }

  private Map<String, String> containerVariables() throws IOException {
    return Map.of(
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        stubUri() + "/v1/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
        Files.writeString(folder.resolve("token"), "a token").toString());
  }

  private String askWith(Map<String, String> environment) throws Exception {
    var all = new HashMap<>(environment);
    all.put("AWS_REGION", "us-west-2");
    all.put("AWS_EC2_METADATA_DISABLED", "true");
    all.putIfAbsent("AWS_CONFIG_FILE", folder.resolve("none").toString());
    all.put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("none").toString());
    return ChildJvm.run(NodeAskingEksAuth.class, List.of(), all);
  }

  private String stubUri() {
    return "http://127.0.0.1:" + stub.getAddress().getPort();
  }
}
