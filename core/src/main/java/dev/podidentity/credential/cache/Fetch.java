package dev.podidentity.credential.cache;

import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.Issuance;
import dev.podidentity.token.ServiceAccountToken;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of one token, from the first request to the answer. It belongs to the cache: clients
 * that wait for it come and go. Thread-safe.
 */
final class Fetch {
  private final ServiceAccountToken token;
  private final ClientKey pod;
  private final ClientKey client;
  private final @Nullable Renewal renewal;
  private final CompletableFuture<Issuance> outcome = new CompletableFuture<>();
  private final AtomicInteger waiters = new AtomicInteger();
  private final CompletableFuture<CredentialException> firstFailure = new CompletableFuture<>();
  private final long startedAt;
  private final AtomicBoolean turn = new AtomicBoolean();
  private volatile @Nullable CredentialException lastFailure;
  private final AtomicInteger failures = new AtomicInteger();
  private volatile long firstFailureAt;
  private volatile long lastWaiterLeftAt;
  private volatile boolean trusted;
  private volatile long movedAt;

  /**
   * What a renewal renews.
   *
   * @param entry the entry
   * @param grant what it had when the renewal began
   */
  record Renewal(Entry entry, Grant grant) {}

  private Fetch(
      ServiceAccountToken token, ClientKey client, @Nullable Renewal renewal, long startedAt) {
    this.movedAt = startedAt;
    this.token = token;
    this.client = client;
    this.pod = ClientKey.of(token);
    this.renewal = renewal;
    this.trusted = renewal != null;
    this.startedAt = startedAt;
    this.lastWaiterLeftAt = startedAt;
  }

  /**
   * What a request starts.
   *
   * @param now the ticker's time
   */
  static Fetch miss(ServiceAccountToken token, ClientKey client, long now) {
    return new Fetch(token, client, null, now);
  }

  /**
   * What the age of an entry starts.
   *
   * @param now the ticker's time
   */
  static Fetch renewal(Entry entry, Grant grant, long now) {
    return new Fetch(grant.token(), ClientKey.AGENT, new Renewal(entry, grant), now);
  }

  /** Its next step begins: it waits for a call, or the call begins. */
  void moved(long now) {
    movedAt = now;
  }

  /** When its last step began, by the ticker: a fetch that stands still is ended. */
  long movedAt() {
    return movedAt;
  }

  ServiceAccountToken token() {
    return token;
  }

  /** The pod that the token claims to be, or the token of no pod. */
  ClientKey pod() {
    return pod;
  }

  /** The client that it counts for; a renewal is the agent's own. */
  ClientKey client() {
    return client;
  }

  @Nullable Renewal renewal() {
    return renewal;
  }

  /** Whether the token was verified on this machine or accepted before: its claims are true. */
  boolean isTrusted() {
    return trusted;
  }

  void trust() {
    trusted = true;
  }

  /** When it began, by the ticker. */
  long startedAt() {
    return startedAt;
  }

  /** How many clients wait for it. */
  int waiters() {
    return waiters.get();
  }

  /** A client begins to wait. */
  void joined() {
    waiters.incrementAndGet();
  }

  /** A client waits no more, whatever ended its wait. */
  void left(long now) {
    lastWaiterLeftAt = now;
    waiters.decrementAndGet();
  }

  /** Since when no client has waited for it, by the ticker; of no meaning while one does. */
  long lastWaiterLeftAt() {
    return lastWaiterLeftAt;
  }

  /** A call for it has failed in a way that may pass; it goes on. */
  void failedForNow(CredentialException failure, long now) {
    if (lastFailure == null) {
      firstFailureAt = now;
    }
    lastFailure = failure;
    firstFailure.complete(failure);
  }

  /** Counts a call that failed; one attempt is made after the other. */
  int countFailure() {
    return failures.getAndIncrement();
  }

  /** Why its last call failed; null before the first failure. */
  @Nullable CredentialException lastFailure() {
    return lastFailure;
  }

  /** When its first call failed, by the ticker; of no meaning before. */
  long firstFailureAt() {
    return firstFailureAt;
  }

  /** Completes when a call for it has failed in a way that may pass. */
  CompletableFuture<CredentialException> firstFailure() {
    return firstFailure;
  }

  /** The next call of a throttled source is its. */
  void giveTurn() {
    turn.set(true);
  }

  /** Whether it had been given the turn, which it uses up. */
  boolean takeTurn() {
    return turn.getAndSet(false);
  }

  CompletableFuture<Issuance> outcome() {
    return outcome;
  }

  boolean isDone() {
    return outcome.isDone();
  }

  /** Ends it; false if it had ended before. */
  boolean complete(Issuance issuance) {
    return outcome.complete(issuance);
  }

  /** Ends it; false if it had ended before. */
  boolean fail(CredentialException failure) {
    return outcome.completeExceptionally(failure);
  }
}
