package dev.podidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BindingRulesTest {
  private static final BindingRules DEFAULTS = BindingRules.defaults();

  @Example
  void requiresBothAddressesOfEksByDefault() {
    assertThat(DEFAULTS).hasToString("169.254.170.23, [fd00:ec2::23]");
    assertThat(DEFAULTS.hosts())
        .extracting(BindHost::requirement)
        .containsOnly(BindRequirement.REQUIRED);
  }

  @Example
  void isIpv4OnlyWhereOnlyThatIsNamed() {
    var rules = BindingRules.parse(List.of("169.254.170.23"));

    assertThat(rules.accepts("169.254.170.23")).isTrue();
    assertThat(rules.accepts("[fd00:ec2::23]")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.170.23",
        "169.254.170.23:80",
        "169.254.170.23:",
        "[fd00:ec2::23]",
        "[fd00:ec2::23]:80",
        "fd00:ec2::23",
        "[FD00:0EC2:0000:0:0::0023]:80",
        "fd00:ec2:0:0:0:0:0:23",
        "[fd00:ec2::0.0.0.35]"
      })
  void acceptsABoundAddressInAnyForm(String host) {
    assertThat(DEFAULTS.accepts(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":80",
        "localhost",
        "agent.example",
        "169.254.170.23.example",
        "169.254.170.24",
        "169.254.43543",
        "2851998231",
        "0xa9.254.170.23",
        "169.254.170.023",
        "169.254.170.23:http",
        "169.254.170.23:80:80",
        "169.254.170.23:999999",
        "[169.254.170.23]",
        "[::ffff:169.254.170.23]",
        "::ffff:169.254.170.23",
        "[fd00:ec2::23%eth0]",
        "[fd00:ec2::23",
        "[[fd00:ec2::23]]",
        "fd00:ec2::23]",
        "[fd00:ec2::24]",
        "user@169.254.170.23",
        " 169.254.170.23",
        "169.254.170.23/",
        "169.254.170.23, 169.254.170.23"
      })
  void acceptsNothingElse(String host) {
    assertThat(DEFAULTS.accepts(host)).isFalse();
  }

  @Property
  void acceptsEveryTextualFormOfAnIpv6Address(@ForAll("addresses") byte[] bytes) throws Exception {
    var address = Inet6Address.getByAddress(null, bytes, -1);
    String shortest = IpLiteral.format(address);
    var rules = BindingRules.of(List.of(new BindHost(address, BindRequirement.REQUIRED)));

    assertThat(rules.accepts(shortest)).isTrue();
    assertThat(rules.accepts("[" + address.getHostAddress() + "]:1")).isTrue();
    assertThat(IpLiteral.parse(shortest)).contains(address);
    assertThat(shortest.length()).isLessThanOrEqualTo(address.getHostAddress().length() + 2);
  }

  @Provide
  Arbitrary<byte[]> addresses() {
    return Arbitraries.of((byte) 0, (byte) 0, (byte) 0, (byte) 1, (byte) 0xec)
        .array(byte[].class)
        .ofSize(16)
        .filter(bytes -> !(bytes[10] == 0 && bytes[11] == 0 && bytes[0] == 0))
        .map(
            bytes -> {
              bytes[0] = (byte) 0xfd;
              return bytes;
            });
  }

  @Property
  void neverFailsOnAHost(@ForAll String host) {
    assertThat(DEFAULTS.accepts(host)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "169.254.170.23, REQUIRED, 169.254.170.23",
    "fd00:ec2::23?, OPTIONAL, [fd00:ec2::23]?",
    "[fd00:ec2:0::23]?auto, AUTOMATIC, [fd00:ec2::23]?auto"
  })
  void readsAnAddressAndItsRequirement(String text, BindRequirement requirement, String printed) {
    var host = BindHost.parse(text);

    assertThat(host.requirement()).isEqualTo(requirement);
    assertThat(host).hasToString(printed);
    assertThat(BindHost.parse(printed)).isEqualTo(host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?", "localhost", "169.254.170.23:80", "169.254.170.23?maybe"})
  void takesNoOtherText(String text) {
    assertThatThrownBy(() -> BindHost.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("169.254.170.23");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "224.0.0.1", "ff02::1"})
  void doesNotListenOnMoreThanOneAddressAtATime(String text) {
    assertThatThrownBy(() -> BindHost.parse(text)).hasMessageContaining("name each address");
  }

  @Example
  void wantsAnAddress() {
    assertThatThrownBy(() -> BindingRules.of(List.of())).hasMessageContaining("169.254.170.23");
  }

  @Example
  void wantsEachAddressOnce() {
    assertThatThrownBy(() -> BindingRules.parse(List.of("fd00:ec2::23", "[fd00:ec2:0::23]?")))
        .hasMessageContaining("[fd00:ec2::23] is given twice");
  }
}
