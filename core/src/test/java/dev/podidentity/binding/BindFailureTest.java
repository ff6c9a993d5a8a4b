package dev.podidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.binding.BindFailure.Cause;
import java.io.IOException;
import java.net.InetAddress;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("every-jdk")
class BindFailureTest {
  @ParameterizedTest
  @CsvSource({
    "fd00:ec2::23, Unsupported address type, true, IPV6_OFF",
    "fd00:ec2::23, Protocol family unavailable, true, IPV6_OFF",
    "fd00:ec2::23, Address family not supported by protocol, true, IPV6_OFF",
    "fd00:ec2::23, Cannot assign requested address, false, IPV6_OFF",
    "fd00:ec2::23, Cannot assign requested address, true, ADDRESS_ABSENT",
    "169.254.170.23, Cannot assign requested address, false, ADDRESS_ABSENT",
    "169.254.170.23, Address already in use, true, PORT_TAKEN",
    "169.254.170.23, Permission denied, true, NO_PERMISSION",
    "169.254.170.23, Something new, true, OTHER"
  })
  void findsTheCause(String address, String said, boolean nodeHasIpv6, Cause cause) {
    assertThat(failure(address, said, nodeHasIpv6).cause()).isEqualTo(cause);
  }

  @Test
  void tellsWhoHasNoIpv6HowToGoOn() {
    assertThat(failure("fd00:ec2::23", "Unsupported address type", false).message())
        .isEqualTo(
            "Cannot listen on [fd00:ec2::23] port 80: IPv6 is off on this node (Unsupported"
                + " address type). Either turn IPv6 on, or listen on IPv4 only with -b"
                + " 169.254.170.23, or let the agent start without this address with -b"
                + " '[fd00:ec2::23]?'.");
  }

  @ParameterizedTest
  @CsvSource({
    "Cannot assign requested address, initialize",
    "Address already in use, --port",
    "Permission denied, NET_BIND_SERVICE",
    "Something new, network configuration"
  })
  void hasARemedyForEachCause(String said, String remedy) {
    assertThat(failure("169.254.170.23", said, true).message()).contains(said).contains(remedy);
  }

  @ParameterizedTest
  @CsvSource({
    "REQUIRED, ADDRESS_ABSENT, false",
    "OPTIONAL, PORT_TAKEN, true",
    "AUTOMATIC, ADDRESS_ABSENT, true",
    "AUTOMATIC, IPV6_OFF, true",
    "AUTOMATIC, PORT_TAKEN, false",
    "AUTOMATIC, NO_PERMISSION, false"
  })
  void isToleratedAsTheAddressIsRequired(
      BindRequirement requirement, Cause cause, boolean tolerated) {
    assertThat(requirement.tolerates(cause)).isEqualTo(tolerated);
  }

  @ParameterizedTest
  @CsvSource({
    "169.254.170.23, false, ADDRESS_ABSENT",
    "fd00:ec2::23, true, ADDRESS_ABSENT",
    "fd00:ec2::23, false, IPV6_OFF"
  })
  void findsWhyAnAddressIsGone(String address, boolean nodeHasIpv6, Cause cause) {
    assertThat(BindFailure.removed(BindHost.parse(address), 80, new Node(nodeHasIpv6)).cause())
        .isEqualTo(cause);
  }

  private static BindFailure failure(String address, String said, boolean nodeHasIpv6) {
    return BindFailure.of(
        BindHost.parse(address), 80, new IOException(said), new Node(nodeHasIpv6));
  }

  private record Node(boolean hasIpv6) implements NodeNetwork {
    @Override
    public boolean has(InetAddress address) {
      return true;
    }
  }
}
