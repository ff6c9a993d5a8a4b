package dev.podidentity.doctor;

import dev.podidentity.client.AgentFailure;
import dev.podidentity.client.ContainerSettings;
import dev.podidentity.client.Environment;
import dev.podidentity.client.TokenCheck;
import dev.podidentity.client.TokenText;
import dev.podidentity.doctor.Finding.Code;
import dev.podidentity.pod.PodFailureReason;
import dev.podidentity.token.InvalidTokenException;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether the pod's token is one that the agent takes, and will be tomorrow. */
final class PodTokenCheck {
  // The kubelet replaces a token at 80 percent of its life, when it next looks at the pod.
  private static final double ROTATED_AT = 0.8;
  private static final Duration KUBELET_LOOKS = Duration.ofMinutes(5);
  private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

  private final Environment environment;
  private final Clock clock;
  private final Findings findings;

  PodTokenCheck(Environment environment, Clock clock, Findings findings) {
    this.environment = environment;
    this.clock = clock;
    this.findings = findings;
  }

  /** The token to show to the agent; empty where there is none that is worth showing. */
  Optional<String> token(ContainerSettings settings) {
    variables();
    try {
      TokenText read = settings.tokenText();
      if (read == null) {
        none();
        return Optional.empty();
      }
      return examine(read);
    } catch (AgentFailure e) {
      findings.add(code(e.reason()), e);
      return Optional.empty();
    }
  }

  private void variables() {
    boolean variable = environment.variable(Environment.TOKEN) != null;
    boolean file = environment.variable(Environment.TOKEN_FILE) != null;
    if (variable && file) {
      findings.add(
          Code.TWO_TOKENS,
          Environment.TOKEN
              + " and "
              + Environment.TOKEN_FILE
              + " are both set, and SDKs differ in which one they take",
          "remove the first: only the file is kept fresh");
    } else if (variable) {
      findings.add(
          Code.TOKEN_IN_VARIABLE,
          "The token is in " + Environment.TOKEN + ", where nobody replaces it when it expires",
          "set " + Environment.TOKEN_FILE + " to the projected file in its place");
    }
  }

  private void none() {
    // On ECS, whose agents are asked with a relative URI, there need not be one.
    if (environment.variable(Environment.RELATIVE_URI) != null) {
      return;
    }
    if (environment.variable(Environment.FULL_URI) != null) {
      findings.add(
          Code.NO_TOKEN,
          Environment.FULL_URI
              + " is set, and neither "
              + Environment.TOKEN_FILE
              + " nor "
              + Environment.TOKEN
              + ": EKS sets the first two together, and neither where the pod's specification has"
              + " one of them",
          "remove "
              + Environment.FULL_URI
              + " from the pod's specification and image, and restart the pod");
    } else {
      findings.add(
          Code.NO_TOKEN,
          "Neither " + Environment.TOKEN_FILE + " nor " + Environment.TOKEN + " is set",
          "EKS sets the first in pods that are created after their service account's pod identity"
              + " association: check the association and restart the pod");
    }
  }

  private Optional<String> examine(TokenText read) {
    String usable = new TokenCheck(clock).usable(read);
    if (!usable.equals(read.text())) {
      findings.add(
          Code.TOKEN_WHITE_SPACE,
          read.origin()
              + " has white space around its token: boto3, the AWS CLI and the AWS SDKs for Java,"
              + " JavaScript, Go, Kotlin, Rust and C++ (CRT) refuse it",
          "name the file that the kubelet writes, or write the copy without a newline");
    }
    try {
      return claims(ServiceAccountToken.parse(usable), read.origin())
          ? Optional.of(usable)
          : Optional.empty();
    } catch (InvalidTokenException e) {
      findings.add(
          Code.TOKEN_OF_ANOTHER_FORM,
          read.origin() + " holds no token of a service account",
          "check that it is the token that EKS Pod Identity projects");
      return Optional.of(usable);
    }
  }

  private boolean claims(ServiceAccountToken token, String origin) {
    Instant now = clock.instant();
    String holds = origin + " holds a token of " + token.serviceAccount();
    Optional<Instant> start = token.notBefore().or(token::issuedAt);
    if (start.filter(now.plus(CLOCK_SKEW)::isBefore).isPresent()) {
      findings.add(
          Code.TOKEN_NOT_YET_VALID,
          holds + " that is not valid before " + start.get() + "; it is " + now + " here",
          "set the node's clock, and that of the control plane if it is not EKS'");
      return false;
    }
    if (token.pod().isEmpty()) {
      findings.add(
          Code.TOKEN_OF_NO_POD,
          holds + " that is bound to no pod",
          "use the token that EKS Pod Identity projects, not one of 'kubectl create token'");
    }
    if (start.filter(issued -> isOverdue(issued, token.expiresAt(), now)).isPresent()) {
      findings.add(
          Code.TOKEN_NOT_ROTATED,
          holds
              + ", issued at "
              + start.get()
              + ", that the kubelet should have replaced: it expires at "
              + token.expiresAt(),
          "check the node's kubelet, and that the file is the projected one: no copy, and no"
              + " subPath mount");
    } else {
      findings.good(
          Code.TOKEN,
          holds
              + token.pod().map(pod -> " for the pod " + pod.name()).orElse("")
              + ", good until "
              + token.expiresAt());
    }
    return true;
  }

  private static boolean isOverdue(Instant issued, Instant expires, Instant now) {
    long life = Duration.between(issued, expires).toSeconds();
    return now.isAfter(issued.plusSeconds((long) (life * ROTATED_AT)).plus(KUBELET_LOOKS));
  }

  private static Code code(PodFailureReason reason) {
    return switch (reason) {
      case TOKEN_EXPIRED -> Code.TOKEN_EXPIRED;
      case TOKEN_WRONG_AUDIENCE -> Code.TOKEN_WRONG_AUDIENCE;
      case TOKEN_UNREADABLE -> Code.TOKEN_UNREADABLE;
      case NOT_CONFIGURED,
          AGENT_UNREACHABLE,
          AGENT_FAILED,
          THROTTLED,
          NO_ASSOCIATION,
          REFUSED,
          BAD_ANSWER,
          WRONG_IDENTITY ->
          throw new AssertionError(reason + " is not about a token");
    };
  }
}
