package dev.podidentity.awssdk.eksauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Which host is asked, by what the flags and the environment say; a proxy is told its name. */
@Tag("every-jdk")
class EksAuthClientsTest {
  private final Map<String, String> before = new HashMap<>();
  private TellTaleProxy proxy;

  @BeforeEach
  void start() throws Exception {
    proxy = TellTaleProxy.start();
    set("https.proxyHost", "127.0.0.1");
    set("https.proxyPort", String.valueOf(proxy.port()));
    set("aws.configFile", "none");
    set("aws.sharedCredentialsFile", "none");
  }

  @AfterEach
  void restore() {
    before.forEach(
        (name, value) -> {
          if (value.isEmpty()) {
            System.clearProperty(name);
          } else {
            System.setProperty(name, value);
          }
        });
    proxy.close();
  }

  @ParameterizedTest
  @CsvSource({
    "us-west-2, eks-auth.us-west-2.api.aws, eks-auth-fips.us-west-2.api.aws",
    "us-gov-west-1, eks-auth.us-gov-west-1.api.aws, eks-auth-fips.us-gov-west-1.api.aws",
    "cn-north-1, eks-auth.cn-north-1.api.amazonwebservices.com.cn,"
        + " eks-auth-fips.cn-north-1.api.amazonwebservices.com.cn"
  })
  void asksTheRegionsEndpoint(String region, String host, String fipsHost) {
    ask(client(region));
    ask(client(region).fips(true));

    assertThat(proxy.asked()).startsWith(host + ":443").endsWith(fipsHost + ":443");
  }

  @Test
  void asksTheFipsEndpointWhereTheEnvironmentSaysSo() {
    set("aws.useFipsEndpoint", "true");
    ask(client("us-west-2"));

    assertThat(proxy.asked()).containsOnly("eks-auth-fips.us-west-2.api.aws:443");
  }

  @Test
  void asksTheSameEndpointForDualStack() {
    set("aws.useDualstackEndpoint", "true");
    ask(client("us-west-2"));

    assertThat(proxy.asked()).containsOnly("eks-auth.us-west-2.api.aws:443");
  }

  @ParameterizedTest
  @ValueSource(strings = {"aws.endpointUrlEksAuth", "aws.endpointUrl"})
  void asksTheEndpointOfTheEnvironment(String setting) {
    set(setting, "https://vpce.example");
    ask(client("us-west-2"));

    assertThat(proxy.asked()).containsOnly("vpce.example:443");
  }

  @Test
  void prefersTheEndpointThatItWasGivenAndThenTheOneOfTheService() {
    set("aws.endpointUrl", "https://all.example");
    set("aws.endpointUrlEksAuth", "https://vpce.example");
    ask(client("us-west-2"));
    ask(client("us-west-2").endpoint(URI.create("https://flag.example")));

    assertThat(proxy.asked()).startsWith("vpce.example:443").endsWith("flag.example:443");
  }

  @Test
  void refusesAnEndpointTogetherWithFips() {
    var both = client("us-west-2").endpoint(URI.create("https://flag.example")).fips(true);

    assertThatThrownBy(both::build)
        .isInstanceOf(SdkClientException.class)
        .hasMessageContaining("AWS_USE_FIPS_ENDPOINT")
        .hasMessageContaining("AWS_ENDPOINT_URL_EKS_AUTH");
  }

  @Test
  void refusesAnEndpointTogetherWithTheFipsOfTheEnvironment() {
    set("aws.useFipsEndpoint", "true");
    var both = client("us-west-2").endpoint(URI.create("https://flag.example"));

    assertThatThrownBy(both::build).isInstanceOf(SdkClientException.class);
  }

  private static EksAuthClients client(String region) {
    return EksAuthClients.forNode()
        .region(region)
        .credentials(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIA0NODE", "secret")));
  }

  private static void ask(EksAuthClients clients) {
    try (var client = clients.build()) {
      assertThatThrownBy(() -> client.assumeRoleForPodIdentity(r -> r.clusterName("c").token("t")))
          .isInstanceOf(SdkClientException.class);
    }
  }

  private void set(String property, String value) {
    before.putIfAbsent(property, System.getProperty(property, ""));
    System.setProperty(property, value);
  }
}
