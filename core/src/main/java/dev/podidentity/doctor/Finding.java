package dev.podidentity.doctor;

import static dev.podidentity.doctor.Severity.ERROR;
import static dev.podidentity.doctor.Severity.OK;
import static dev.podidentity.doctor.Severity.WARNING;
import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * One thing that was found. Its texts are single lines of printable characters, and hold neither a
 * token nor a key.
 *
 * @param code which kind of thing
 * @param what what was found, with the value that it was found at
 * @param remedy what to do about it; empty where nothing needs to be done
 */
public record Finding(Code code, String what, String remedy) {
  private static final Pattern NOT_PRINTABLE = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

  /** The kinds of findings. {@code docs/troubleshooting.md} explains each. */
  public enum Code {
    /** The environment says where the agent is asked. */
    ENDPOINT(OK),
    /** The environment does not say where the agent is asked. */
    NO_ENDPOINT(ERROR),
    /** The environment names an endpoint that no token is sent to. */
    ENDPOINT_REFUSED(ERROR),
    /** Two endpoints are set, and the one that EKS set does not count. */
    RELATIVE_URI_FIRST(WARNING),
    /** SDKs find keys in the environment before they ask the agent. */
    STATIC_KEYS_FIRST(WARNING),
    /** SDKs find a web identity before they ask the agent. */
    WEB_IDENTITY_FIRST(WARNING),
    /** Some SDKs find a profile before they ask the agent. */
    PROFILE_FIRST(WARNING),
    /** The AWS SDK for Java refuses the endpoint's IPv6 address. */
    IPV6_MODE_OFF(WARNING),

    /** The token is one that the agent takes. */
    TOKEN(OK),
    /** The environment names no token. */
    NO_TOKEN(ERROR),
    /** The token is missing, cannot be read, or is none. */
    TOKEN_UNREADABLE(ERROR),
    /** The token is past its expiry. */
    TOKEN_EXPIRED(ERROR),
    /** The token is meant for somebody else. */
    TOKEN_WRONG_AUDIENCE(ERROR),
    /** The token's life has not begun. */
    TOKEN_NOT_YET_VALID(ERROR),
    /** The kubelet should have replaced the token. */
    TOKEN_NOT_ROTATED(WARNING),
    /** Some SDKs send the white space around the token, or refuse it. */
    TOKEN_WHITE_SPACE(WARNING),
    /** The token is in a variable, where nobody keeps it fresh. */
    TOKEN_IN_VARIABLE(WARNING),
    /** There are two tokens, and SDKs differ in which one they take. */
    TWO_TOKENS(WARNING),
    /** The token is not one of a service account. */
    TOKEN_OF_ANOTHER_FORM(WARNING),
    /** The token is bound to no pod. */
    TOKEN_OF_NO_POD(WARNING),

    /** Some SDKs would send the token to a proxy. */
    PROXY(WARNING),
    /** The agent answers at an address. */
    ADDRESS(OK),
    /** The agent does not answer at an address that need not be there. */
    OTHER_ADDRESS(OK),
    /** Nothing listens at the agent's address. */
    CONNECTION_REFUSED(ERROR),
    /** The network does not lead to the agent's address. */
    NO_ROUTE(ERROR),
    /** Nothing came back from the agent's address in time. */
    NO_ANSWER(ERROR),
    /** The endpoint's name has no address. */
    UNKNOWN_NAME(ERROR),
    /** Whoever answers over https is not trusted. */
    NOT_TRUSTED(ERROR),
    /** The connection ended before the answer did. */
    HUNG_UP(ERROR),
    /** Something else than an agent listens at its address. */
    NOT_AN_AGENT(ERROR),
    /** This clock and the agent's agree. */
    CLOCK(OK),
    /** This clock and the agent's do not agree. */
    CLOCK_DIFFERS(WARNING),

    /** The agent gives credentials. */
    CREDENTIALS(OK),
    /** The agent gives credentials that end before an SDK would like to have new ones. */
    CREDENTIALS_END_SOON(WARNING),
    /** The service account has no association. */
    NO_ASSOCIATION(ERROR),
    /** The agent, or EKS Auth behind it, refuses. */
    REFUSED(ERROR),
    /** Somebody asks too often. */
    THROTTLED(ERROR),
    /** The agent says that it failed. */
    AGENT_FAILED(ERROR),
    /** The agent's answer is none that holds credentials. */
    BAD_ANSWER(ERROR),

    /** This node reaches EKS Auth. */
    EKS_AUTH(OK),
    /** This node does not reach EKS Auth. */
    EKS_AUTH_UNREACHABLE(ERROR),

    /** A probe of the agent is content. */
    PROBE(OK),
    /** A probe of the agent is not content. */
    PROBE_FAILS(ERROR),
    /** A probe of the agent does not answer. */
    NO_PROBE(ERROR);

    private final Severity severity;

    Code(Severity severity) {
      this.severity = severity;
    }

    /** How bad it is. */
    public Severity severity() {
      return severity;
    }

    /** As it is printed: {@code token-expired}. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** A finding; what cannot be printed on a line is shown as {@code ?}. */
  public Finding {
    requireNonNull(code, "code");
    what = printable(requireNonNull(what, "what"));
    remedy = printable(requireNonNull(remedy, "remedy"));
  }

  private static String printable(String text) {
    return NOT_PRINTABLE.matcher(text).replaceAll("?");
  }

  /** How bad it is. */
  public Severity severity() {
    return code.severity();
  }
}
