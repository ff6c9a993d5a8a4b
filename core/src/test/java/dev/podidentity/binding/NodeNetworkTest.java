package dev.podidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("every-jdk")
class NodeNetworkTest {
  private final NodeNetwork node = NodeNetwork.system();

  @Test
  void hasItsLoopback() {
    assertThat(node.has(InetAddress.getLoopbackAddress())).isTrue();
  }

  @Test
  void lacksAddressesForDocumentation() {
    // RFC 5737 and RFC 3849: no node has them.
    assertThat(node.has(IpLiteral.parse("192.0.2.1").orElseThrow())).isFalse();
    assertThat(node.has(IpLiteral.parse("2001:db8::1").orElseThrow())).isFalse();
  }
}
