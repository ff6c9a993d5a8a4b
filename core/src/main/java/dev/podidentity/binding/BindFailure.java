package dev.podidentity.binding;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.Inet6Address;

/**
 * Why the agent cannot listen on an address, and what to do about it.
 *
 * @param host the address
 * @param port the port
 * @param cause what stands in the way
 * @param detail what the operating system said
 */
public record BindFailure(BindHost host, int port, Cause cause, String detail) {

  /** What stands in the way of listening on an address. */
  public enum Cause {
    /** IPv6 is off on this node, or in this network namespace. */
    IPV6_OFF("IPv6 is off on this node"),
    /** No network interface of the node has the address. */
    ADDRESS_ABSENT("no network interface of this node has the address"),
    /** Something else listens there. */
    PORT_TAKEN("another process listens there"),
    /** The process may not listen there. */
    NO_PERMISSION("this process is not allowed to"),
    /** The operating system refuses for another reason. */
    OTHER("the operating system refuses");

    private final String text;

    Cause(String text) {
      this.text = text;
    }
  }

  /** A failure with its cause. */
  public BindFailure {
    requireNonNull(host, "host");
    requireNonNull(cause, "cause");
    requireNonNull(detail, "detail");
  }

  /**
   * Finds the cause of a failure.
   *
   * @param host the address that could not be listened on
   * @param port the port
   * @param failure what the JDK threw
   * @param node what is known of the node's network
   */
  public static BindFailure of(BindHost host, int port, IOException failure, NodeNetwork node) {
    boolean ipv6 = host.address() instanceof Inet6Address;
    String detail = String.valueOf(failure.getMessage());
    return new BindFailure(host, port, causeOf(detail, ipv6, node), detail);
  }

  /**
   * The failure of an address that was listened on, and that the node has no more.
   *
   * @param host the address
   * @param port the port
   * @param node what is known of the node's network
   */
  public static BindFailure removed(BindHost host, int port, NodeNetwork node) {
    boolean ipv6Off = host.address() instanceof Inet6Address && !node.hasIpv6();
    return new BindFailure(
        host, port, ipv6Off ? Cause.IPV6_OFF : Cause.ADDRESS_ABSENT, "it was there before");
  }

  // The JDK has no types for these: the texts are its own and those of strerror(3).
  private static Cause causeOf(String detail, boolean ipv6, NodeNetwork node) {
    if (detail.contains("already in use")) {
      return Cause.PORT_TAKEN;
    }
    if (detail.contains("Permission denied")) {
      return Cause.NO_PERMISSION;
    }
    if (ipv6
        && (detail.contains("Unsupported address type")
            || detail.contains("Protocol family")
            || detail.contains("Address family")
            || !node.hasIpv6())) {
      return Cause.IPV6_OFF;
    }
    return saysAbsent(detail) ? Cause.ADDRESS_ABSENT : Cause.OTHER;
  }

  static boolean saysAbsent(String detail) {
    return detail.contains("Cannot assign requested address");
  }

  /** Whether the agent may run without the address. */
  public boolean isTolerated() {
    return host.requirement().tolerates(cause);
  }

  /** What failed, why, and the remedy, in one sentence each. */
  public String message() {
    return "Cannot listen on "
        + IpLiteral.format(host.address())
        + " port "
        + port
        + ": "
        + cause.text
        + " ("
        + detail
        + "). "
        + remedy();
  }

  private String remedy() {
    String address = IpLiteral.format(host.address());
    return switch (cause) {
      case IPV6_OFF ->
          "Either turn IPv6 on, or listen on IPv4 only with -b "
              + BindingRules.DEFAULT_IPV4
              + ", or let the agent start without this address with -b '"
              + address
              + "?'.";
      case ADDRESS_ABSENT ->
          "Give the address to an interface first ('initialize' does), or name one that the node"
              + " has with -b.";
      case PORT_TAKEN ->
          "Stop the other process ('ss -ltnp sport = :"
              + port
              + "' shows it; another agent perhaps), or choose another port with --port.";
      case NO_PERMISSION ->
          "Ports below 1024 need the capability NET_BIND_SERVICE: add it to the container's"
              + " securityContext, or choose another port with --port.";
      case OTHER -> "Check the node's network configuration.";
    };
  }
}
