package dev.podidentity.audit;

import static java.util.Objects.requireNonNull;

import dev.podidentity.AgentListener;
import dev.podidentity.Refusal;
import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.Issuance;
import dev.podidentity.credential.Issuance.Origin;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Writes a line for each answer with credentials and for each refusal, to the SLF4J logger {@value
 * #LOGGER}, with key-value pairs for who, which role, and how it went. Never a token or a key: of
 * credentials only the access key id is named, as CloudTrail does.
 *
 * <p>What a token claims is under {@code namespace}, {@code service_account}, {@code pod} and
 * {@code pod_uid} only where it was accepted; else the keys start with {@code claimed_}, and {@code
 * verified} is false: then anybody may have said it.
 *
 * <p>Newly made credentials always have their line. Of answers from the cache and of refusals, a
 * pod (or an address, where no token was accepted) has at most {@value #LINES_OF_CLIENT} lines a
 * minute for each outcome, and all together {@value #LINES_IN_ALL}; what was left out is counted,
 * and told with the first event of a later minute, or when this is closed. Thread-safe.
 */
public final class AuditLog implements AgentListener, AutoCloseable {
  /** The name of the logger. */
  public static final String LOGGER = "dev.podidentity.audit";

  static final int LINES_OF_CLIENT = 10;
  static final int LINES_IN_ALL = 600;

  private static final Logger log = LoggerFactory.getLogger(LOGGER);

  private final Ticker ticker;
  private final LineBudget budget;

  private AuditLog(Ticker ticker) {
    this.ticker = requireNonNull(ticker, "ticker");
    this.budget = new LineBudget(LINES_OF_CLIENT, LINES_IN_ALL, ticker.read());
  }

  /** An audit trail. */
  public static AuditLog create() {
    return of(Ticker.system());
  }

  /**
   * The same, with another ticker than the system's.
   *
   * @param ticker what minutes are counted by
   */
  public static AuditLog of(Ticker ticker) {
    return new AuditLog(ticker);
  }

  @Override
  public void answered(
      CredentialRequest request, ServiceAccountToken token, Issuance issuance, Duration took) {
    tellLeftOut(budget.roll(ticker.read()));
    String outcome = issuance.origin().name().toLowerCase(Locale.ROOT);
    if (issuance.origin() == Origin.FRESH || budget.admit(client(token, request), outcome)) {
      var line = new AuditLine();
      line.subject("", token);
      line.credentials(issuance.credentials());
      line.text("client", request.client().getHostAddress());
      line.duration(took);
      line.text("outcome", outcome);
      line.write(log, Level.INFO, "Credentials were issued");
    }
  }

  @Override
  public void refused(Refusal refusal) {
    tellLeftOut(budget.roll(ticker.read()));
    CredentialException failure = refusal.failure();
    if (!budget.admit(refusal.client(), failure.reason().code())) {
      return;
    }
    var line = new AuditLine();
    line.flag("verified", refusal.accepted());
    refusal.token().ifPresent(token -> line.subject(refusal.accepted() ? "" : "claimed_", token));
    failure.requestId().ifPresent(id -> line.text("request_id", id));
    line.text("client", refusal.request().client().getHostAddress());
    line.duration(refusal.took());
    line.text("outcome", "refused");
    line.text("code", failure.reason().code());
    line.text("cause", String.valueOf(failure.getMessage()));
    line.write(log, level(failure.reason()), "Credentials were refused");
  }

  private static Level level(FailureReason reason) {
    return reason.concernsOperator() ? Level.WARN : Level.INFO;
  }

  private static ClientKey client(ServiceAccountToken accepted, CredentialRequest request) {
    return accepted.pod().isPresent() ? ClientKey.of(accepted) : ClientKey.at(request.client());
  }

  private static void tellLeftOut(List<LineBudget.LeftOut> leftOut) {
    for (LineBudget.LeftOut lines : leftOut) {
      var line = new AuditLine();
      line.text("sender", lines.client());
      line.text("outcome", lines.outcome());
      line.number("left_out", lines.count());
      line.write(log, Level.WARN, "Lines were left out within a minute");
    }
  }

  /** Tells what was left out until now. */
  @Override
  public void close() {
    tellLeftOut(budget.end());
  }
}
