package dev.podidentity.binding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.fuzz.Mutations;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever is written as an address, or sent as a host, ends as its documentation says. */
class AddressFuzzTest {
  private static final Mutations ADDRESSES = Mutations.of("address");
  private static final BindingRules RULES = BindingRules.defaults();

  @Property
  void readsAddressesOrNone(@ForAll long number) {
    IpLiteral.parse(ADDRESSES.text(number))
        .ifPresent(
            address -> assertThat(IpLiteral.parse(IpLiteral.format(address))).contains(address));
  }

  @Property
  void readsHostsToListenOnOrRefusesThem(@ForAll long number) {
    try {
      BindHost host = BindHost.parse(ADDRESSES.text(number));
      assertThat(BindHost.parse(host.toString())).isEqualTo(host);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @Property
  void acceptsNoHostButThoseThatAreBound(@ForAll long number) {
    String host = ADDRESSES.text(number);
    if (RULES.accepts(host)) {
      String address = host.replaceFirst("(?<=[\\]0-9]):[0-9]*$", "");
      assertThat(List.of(host, address))
          .anySatisfy(
              text ->
                  assertThat(IpLiteral.parse(text).map(IpLiteral::format))
                      .get()
                      .isIn(BindingRules.DEFAULT_IPV4, BindingRules.DEFAULT_IPV6));
    }
  }
}
