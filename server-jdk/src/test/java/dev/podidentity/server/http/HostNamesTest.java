package dev.podidentity.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostNamesTest {
  private final HostNames hosts = HostNames.of(List.of("eks.test"));

  private static Headers hosts(String... values) {
    var headers = new Headers();
    for (String value : values) {
      headers.add("Host", value);
    }
    return headers;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LocalHost:4000",
        "127.0.0.1",
        "172.17.0.2:4000",
        "[::1]:1",
        "[fd00:ec2::23]",
        "eks.test",
        "EKS.test:443"
      })
  void acceptsThisMachineAddressesAndNamesThatWereGiven(String host) {
    assertThat(hosts.accepts(hosts(host))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:80",
        "evil.eks.test",
        "localhost:",
        "localhost:4000:5000",
        "localhost@evil.example",
        "2130706433",
        "::1",
        "[evil.example]"
      })
  void refusesOtherNames(String host) {
    assertThat(hosts.accepts(hosts(host))).isFalse();
  }

  @Test
  void refusesARequestThatNamesNoHostOrTwo() {
    assertThat(hosts.accepts(hosts())).isFalse();
    assertThat(hosts.accepts(hosts("localhost", "localhost"))).isFalse();
  }
}
