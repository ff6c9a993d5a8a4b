package dev.podidentity.server.operations;

import static java.util.Objects.requireNonNull;

import dev.podidentity.binding.BindFailure;
import dev.podidentity.server.PodIdentityServer;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether pods find the agent: not ready while an address is lacking that it must have, or while it
 * has none. An address that it may do without is named, and ready it is. Thread-safe.
 */
public final class AddressReadiness implements ReadinessCheck {
  private static final String NAME = "addresses";

  private final PodIdentityServer server;

  private AddressReadiness(PodIdentityServer server) {
    this.server = server;
  }

  /** The readiness of a server that has started. */
  public static AddressReadiness of(PodIdentityServer server) {
    return new AddressReadiness(requireNonNull(server, "server"));
  }

  @Override
  public CheckResult check() {
    List<BindFailure> lacking = server.unavailable();
    if (lacking.isEmpty()) {
      return CheckResult.ok(NAME, "all are served");
    }
    String reasons = lacking.stream().map(BindFailure::message).collect(Collectors.joining(" "));
    boolean ready =
        !server.addresses().isEmpty() && lacking.stream().allMatch(BindFailure::isTolerated);
    return ready ? CheckResult.ok(NAME, reasons) : CheckResult.failed(NAME, reasons);
  }
}
