package dev.podidentity.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxiesTest {
  private static final String SECURE = "https://eks-auth.us-west-2.api.aws/clusters";

  private static String asked(Map<String, String> environment, String uri) {
    return Proxies.of(environment).of(URI.create(uri)).map(HttpProxy::toString).orElse("nobody");
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS_PROXY, http://proxy.example:3128",
    "https_proxy, http://proxy.example:3128",
    "HTTPS_PROXY, proxy.example:3128",
    "HTTPS_PROXY, http://user:secret@proxy.example:3128/"
  })
  void asksOverHttpsByTheProxyForHttps(String variable, String proxy) {
    assertThat(asked(Map.of(variable, proxy), SECURE)).isEqualTo("proxy.example:3128");
  }

  @Test
  void tellsTheProxiesOfTheTwoSchemesApart() {
    var environment = Map.of("HTTP_PROXY", "http://plain.example", "HTTPS_PROXY", "secure.example");

    assertThat(asked(environment, SECURE)).isEqualTo("secure.example:80");
    assertThat(asked(environment, "http://vpce.example/")).isEqualTo("plain.example:80");
  }

  @Test
  void asksOverHttpsWithoutTheProxyForHttp() {
    assertThat(asked(Map.of("HTTP_PROXY", "http://proxy.example:3128"), SECURE))
        .isEqualTo("nobody");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", ".api.aws", "us-west-2.api.aws", "eks-auth.us-west-2.api.aws:443"})
  void asksWithoutAProxyWhomNoProxyCovers(String exceptions) {
    assertThat(asked(Map.of("HTTPS_PROXY", "http://proxy.example", "NO_PROXY", exceptions), SECURE))
        .isEqualTo("nobody");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:1/", "http://127.0.0.23:1/", "http://[::1]:1/"})
  void asksLoopbackWithoutAProxy(String uri) {
    assertThat(asked(Map.of("HTTP_PROXY", "http://proxy.example"), uri)).isEqualTo("nobody");
  }

  @Test
  void leavesItToTheJvmWhereItsPropertiesNameAProxy() {
    System.setProperty("https.proxyHost", "jvm.example");
    try {
      assertThat(asked(Map.of("HTTPS_PROXY", "http://proxy.example"), SECURE))
          .isEqualTo("jvm.example:443");
    } finally {
      System.clearProperty("https.proxyHost");
    }
  }

  @Test
  void asksTheJvmForWhomTheEnvironmentHasNone() {
    ProxySelector before = ProxySelector.getDefault();
    ProxySelector.setDefault(
        ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 3128)));
    try {
      assertThat(asked(Map.of(), SECURE)).endsWith(":3128");
    } finally {
      ProxySelector.setDefault(before);
    }
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
    assertThatThrownBy(() -> Proxies.of(Map.of("HTTPS_PROXY", proxy)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "HTTPS_PROXY is not the URL of an HTTP proxy: write it as http://proxy.example:3128")
        .hasStackTraceContaining("not the URL")
        .satisfies(e -> assertThat(String.valueOf(e.getCause())).doesNotContain("secret"));
  }
}
