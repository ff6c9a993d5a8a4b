package dev.podidentity.binding;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;

/**
 * One address for the agent to listen on. Prints as {@link #parse} reads it.
 *
 * @param address a single address of the node, not a wildcard
 * @param requirement what a failure to listen there means
 */
public record BindHost(InetAddress address, BindRequirement requirement) {
  private static final String OPTIONAL_SUFFIX = "?";
  private static final String AUTOMATIC_SUFFIX = "?auto";

  /**
   * An address and its requirement.
   *
   * @throws IllegalArgumentException for a wildcard or multicast address: the agent accepts only
   *     requests that name the address it listens on
   */
  public BindHost {
    requireNonNull(address, "address");
    requireNonNull(requirement, "requirement");
    if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
      throw new IllegalArgumentException(
          "the agent cannot listen on "
              + IpLiteral.format(address)
              + ": name each address that pods use, such as 169.254.170.23");
    }
  }

  /**
   * Reads an address: {@code 169.254.170.23} is required, {@code [fd00:ec2::23]?} optional, {@code
   * [fd00:ec2::23]?auto} automatic. Brackets may be left out.
   *
   * @throws IllegalArgumentException if the text is anything else, a host name included
   */
  public static BindHost parse(String text) {
    requireNonNull(text, "text");
    if (text.endsWith(AUTOMATIC_SUFFIX)) {
      return of(text, AUTOMATIC_SUFFIX, BindRequirement.AUTOMATIC);
    }
    if (text.endsWith(OPTIONAL_SUFFIX)) {
      return of(text, OPTIONAL_SUFFIX, BindRequirement.OPTIONAL);
    }
    return of(text, "", BindRequirement.REQUIRED);
  }

  private static BindHost of(String text, String suffix, BindRequirement requirement) {
    String literal = text.substring(0, text.length() - suffix.length());
    return IpLiteral.parse(literal)
        .map(address -> new BindHost(address, requirement))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + text
                        + "' is not an IP address: write 169.254.170.23 or [fd00:ec2::23], with '?'"
                        + " behind it if the agent may start without it"));
  }

  @Override
  public String toString() {
    return IpLiteral.format(address)
        + switch (requirement) {
          case REQUIRED -> "";
          case OPTIONAL -> OPTIONAL_SUFFIX;
          case AUTOMATIC -> AUTOMATIC_SUFFIX;
        };
  }
}
