package dev.podidentity.awssdk.eksauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullRequest;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.utils.AttributeMap;

class ProxiedHttpClientTest {
  private static final String SECURE = "https://eks-auth.us-west-2.api.aws/clusters";

  private final List<String> asked = new ArrayList<>();
  private final List<String> closed = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "HTTPS_PROXY, http://proxy.example:3128",
    "https_proxy, http://proxy.example:3128",
    "HTTPS_PROXY, proxy.example:3128",
    "HTTPS_PROXY, http://user:secret@proxy.example:3128/"
  })
  void asksOverHttpsByTheProxyForHttps(String variable, String proxy) {
    ask(Map.of(variable, proxy), SECURE);

    assertThat(asked).containsExactly("proxy.example:3128");
  }

  @Test
  void tellsTheProxiesOfTheTwoSchemesApart() {
    var environment = Map.of("HTTP_PROXY", "http://plain.example", "HTTPS_PROXY", "secure.example");
    ask(environment, SECURE);
    ask(environment, "http://vpce.example/");

    assertThat(asked).containsExactly("secure.example:80", "plain.example:80");
  }

  @Test
  void asksOverHttpsWithoutTheProxyForHttp() {
    ask(Map.of("HTTP_PROXY", "http://proxy.example:3128"), SECURE);

    assertThat(asked).containsExactly("nobody");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", ".api.aws", "us-west-2.api.aws", "eks-auth.us-west-2.api.aws:443"})
  void asksWithoutAProxyWhomNoProxyCovers(String exceptions) {
    ask(Map.of("HTTPS_PROXY", "http://proxy.example", "NO_PROXY", exceptions), SECURE);

    assertThat(asked).containsExactly("nobody");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:1/", "http://127.0.0.23:1/", "http://[::1]:1/"})
  void asksLoopbackWithoutAProxy(String uri) {
    ask(Map.of("HTTP_PROXY", "http://proxy.example"), uri);

    assertThat(asked).containsExactly("nobody");
  }

  @Test
  void leavesItToTheJvmWhereItsPropertiesNameAProxy() {
    System.setProperty("https.proxyHost", "jvm.example");
    try {
      ask(Map.of("HTTPS_PROXY", "http://proxy.example"), SECURE);
    } finally {
      System.clearProperty("https.proxyHost");
    }

    assertThat(asked).containsExactly("nobody");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://user:secret@proxy.example",
        "socks5://user:secret@p",
        "http://secret@",
        "http://a b:secret"
      })
  void refusesWhatIsNoHttpProxyAndDoesNotRepeatIt(String proxy) {
    assertThatThrownBy(() -> ask(Map.of("HTTPS_PROXY", proxy), SECURE))
        .isInstanceOf(SdkClientException.class)
        .hasMessageStartingWith("HTTPS_PROXY is not the URL of an HTTP proxy: write it as")
        .hasMessageNotContaining("secret");
  }

  @Test
  void closesWhatItHasBuilt() {
    build(Map.of("HTTPS_PROXY", "one.example", "HTTP_PROXY", "another.example")).close();

    assertThat(closed).containsExactlyInAnyOrder("nobody", "one.example:80", "another.example:80");
  }

  private void ask(Map<String, String> environment, String uri) {
    var request =
        SdkHttpFullRequest.builder().method(SdkHttpMethod.POST).uri(URI.create(uri)).build();
    try (SdkHttpClient client = build(environment)) {
      client.prepareRequest(HttpExecuteRequest.builder().request(request).build());
    }
  }

  private SdkHttpClient build(Map<String, String> environment) {
    return ProxiedHttpClient.builder(environment, Recorded::new).build();
  }

  /** A client that tells by whom it was to ask. */
  private final class Recorded implements SdkHttpClient, SdkHttpClient.Builder<Recorded> {
    private final String proxy;

    Recorded(ProxyConfiguration proxy) {
      this.proxy = proxy.host() == null ? "nobody" : proxy.host() + ":" + proxy.port();
    }

    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      return this;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      asked.add(proxy);
      return AnswerFromMemory.builder("{}").build().prepareRequest(request);
    }

    @Override
    public void close() {
      closed.add(proxy);
    }
  }
}
