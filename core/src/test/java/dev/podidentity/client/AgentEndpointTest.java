package dev.podidentity.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.pod.PodFailureReason;
import java.net.UnknownHostException;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AgentEndpointTest {
  private static AgentEndpoint parse(String uri) {
    return AgentEndpoint.parse(uri, "The test");
  }

  private static AgentFailure refusal(String uri) {
    return catchThrowableOfType(AgentFailure.class, () -> parse(uri));
  }

  @Test
  void takesTheAddressesOfThisNodeInAnyTextualForm() throws UnknownHostException {
    for (String host :
        List.of(
            "169.254.170.2",
            "169.254.170.23",
            "127.0.0.1",
            "127.1.2.3",
            "[::1]",
            "[0:0:0:0:0:0:0:1]",
            "[fd00:ec2::23]",
            "[FD00:EC2::23]",
            "[fd00:0ec2:0:0:0:0:0:23]",
            "[fd00:ec2::0.0.0.35]")) {
      AgentEndpoint endpoint = parse("http://" + host + "/v1/credentials");

      assertThat(endpoint.resolve().getAddress()).isEqualTo(IpLiteral.parse(host).orElseThrow());
      assertThat(endpoint.resolve().getPort()).isEqualTo(80);
      assertThat(endpoint.authority()).isEqualTo(host);
      assertThat(endpoint.target()).isEqualTo("/v1/credentials");
    }
  }

  @Test
  void takesLocalhostAsLoopbackWithoutLookingItUp() throws UnknownHostException {
    assertThat(parse("http://LocalHost:8080/").resolve().getAddress())
        .isEqualTo(IpLiteral.parse("127.0.0.1").orElseThrow());
  }

  @Test
  void refusesEverythingElseOverHttp() {
    for (String host :
        List.of(
            "169.254.169.254",
            "169.254.170.3",
            "10.0.0.1",
            "[fd00:ec2::24]",
            "[::]",
            "0.0.0.0",
            "[::ffff:127.0.0.1]",
            "[::127.0.0.1]",
            "127.1",
            "0177.0.0.1",
            "2130706433",
            "0x7f000001",
            "example.com",
            "localhost.",
            "localhost.example.com",
            "127.0.0.1.nip.io")) {
      AgentFailure refusal = refusal("http://" + host + "/v1/credentials");

      assertThat(refusal).as(host).isNotNull();
      assertThat(refusal.reason()).isEqualTo(PodFailureReason.NOT_CONFIGURED);
      assertThat(refusal.retryable()).isFalse();
    }
  }

  @Test
  void takesAnythingOverHttps() {
    assertThat(parse("https://agent.example.com/x").port()).isEqualTo(443);
    assertThat(parse("HTTPS://10.0.0.1:8443").target()).isEqualTo("/");
    assertThat(parse("https://agent.example.com:1/x?y=%20z"))
        .hasToString("https://agent.example.com:1");
  }

  @Test
  void refusesWhatIsNoEndpoint() {
    for (String uri :
        List.of(
            "",
            "/v1/credentials",
            "169.254.170.23",
            "file:///etc/passwd",
            "http:///v1/credentials",
            "http://169.254.170.2@example.com/",
            "http://user:password@127.0.0.1/",
            "http://127.0.0.1:0/",
            "http://127.0.0.1:65536/",
            "http://127.0.0.1/#fragment",
            "http://127.0.0.1/a b",
            "http://127.0.0.1/\r\nX: y")) {
      assertThat(refusal(uri)).as(uri).isNotNull().hasMessageContaining("The test");
    }
  }

  @Test
  void neverShowsAPassword() {
    for (String uri :
        List.of("http://user:hidden@127.0.0.1/", "http://user:hidden@exa mple/", "http:hidden")) {
      assertThat(refusal(uri).getMessage()).doesNotContain("hidden");
    }
  }

  @Property
  void anythingIsAnEndpointOrRefusedAsOne(@ForAll String text) {
    AgentFailure refusal = refusal("http://" + text);

    assertThat(refusal == null || refusal.reason() == PodFailureReason.NOT_CONFIGURED).isTrue();
  }

  @Property
  void sendsNothingThatBreaksARequestLine(@ForAll String path) {
    AgentFailure refusal = refusal("http://127.0.0.1/" + path);
    if (refusal == null) {
      assertThat(parse("http://127.0.0.1/" + path).target()).matches("[\\x21-\\x7e]+");
    }
  }
}
