package dev.podidentity.doctor;

import dev.podidentity.client.AgentClient;
import dev.podidentity.client.AgentEndpoint;
import dev.podidentity.client.AgentFailure;
import dev.podidentity.client.ConnectFailure;
import dev.podidentity.doctor.Finding.Code;
import dev.podidentity.http.HttpReply;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Whether an agent answers at an address, asked without a token for what no agent serves. */
final class AddressCheck {
  private static final int NOT_FOUND = 404;
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  private final AgentClient client;
  private final Duration timeout;
  private final Clock clock;
  private final Findings findings;
  private final boolean onNode;
  private boolean clockIsKnown;

  /**
   * Looks at addresses.
   *
   * @param onNode whether this runs on the agent's own node, where the link can be made
   */
  AddressCheck(
      AgentClient client, Duration timeout, Clock clock, Findings findings, boolean onNode) {
    this.client = client;
    this.timeout = timeout;
    this.clock = clock;
    this.findings = findings;
    this.onNode = onNode;
  }

  /** Whether an agent answers at an address that must be there. */
  boolean required(AgentEndpoint endpoint) {
    try {
      HttpReply answer = ask(endpoint);
      answered(endpoint, answer);
      return answer.status() == NOT_FOUND;
    } catch (AgentFailure e) {
      Code code = e.connectFailure().map(AddressCheck::code).orElseThrow();
      String remedy = onNode ? remedyOnNode(code) : "";
      findings.add(code, e.what(), remedy.isEmpty() ? e.remedy() : remedy);
      return false;
    }
  }

  private static String remedyOnNode(Code code) {
    if (code == Code.NO_ROUTE || code == Code.NO_ANSWER) {
      return "run 'initialize' on this node as root, which makes the link with the agent's"
          + " addresses, and start the agent";
    }
    return code == Code.CONNECTION_REFUSED
        ? "start the agent on this node; if it runs, its log says why it does not listen here ('ss"
            + " -ltnp' shows who does)"
        : "";
  }

  /** Looks at an address that may be there. */
  void optional(AgentEndpoint endpoint) {
    try {
      HttpReply answer = ask(endpoint);
      if (answer.status() == NOT_FOUND) {
        answered(endpoint, answer);
      } else {
        findings.good(
            Code.OTHER_ADDRESS,
            "What listens at " + endpoint + " is no agent; it is not needed here");
      }
    } catch (AgentFailure e) {
      findings.good(Code.OTHER_ADDRESS, e.what() + "; it is not needed here");
    }
  }

  private HttpReply ask(AgentEndpoint endpoint) {
    return client.get(endpoint.at("/"), null, timeout);
  }

  private void answered(AgentEndpoint endpoint, HttpReply answer) {
    if (answer.status() == NOT_FOUND) {
      findings.good(Code.ADDRESS, "An agent answers at " + endpoint);
    } else {
      findings.add(
          Code.NOT_AN_AGENT,
          "What listens at "
              + endpoint
              + " answers "
              + answer.status()
              + " where an agent answers 404",
          "see on the node who listens there ('ss -ltnp'), and stop it or move it");
    }
    if (!clockIsKnown) {
      answer.date().ifPresent(this::compare);
    }
  }

  // The header has whole seconds.
  private void compare(Instant there) {
    clockIsKnown = true;
    Instant here = clock.instant();
    Duration apart = Duration.between(there, here).abs();
    if (apart.compareTo(CLOCK_SKEW) > 0) {
      findings.add(
          Code.CLOCK_DIFFERS,
          "It is " + here + " here and " + there + " for the agent",
          "set both clocks (chrony, or the time service of the platform): more than a minute makes"
              + " tokens invalid, more than five make AWS refuse signatures");
    } else {
      findings.good(Code.CLOCK, "This clock and the agent's agree within a minute");
    }
  }

  private static Code code(ConnectFailure failure) {
    return switch (failure) {
      case REFUSED -> Code.CONNECTION_REFUSED;
      case NO_ROUTE, IPV6_OFF_IN_JVM -> Code.NO_ROUTE;
      case TIMED_OUT -> Code.NO_ANSWER;
      case UNKNOWN_NAME -> Code.UNKNOWN_NAME;
      case NOT_TRUSTED -> Code.NOT_TRUSTED;
      case BROKEN_OFF -> Code.HUNG_UP;
      case NOT_HTTP -> Code.NOT_AN_AGENT;
    };
  }
}
