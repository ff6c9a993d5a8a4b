package dev.podidentity.credential.cache;

import dev.podidentity.credential.ClientKey;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.Issuance;
import dev.podidentity.token.ServiceAccountToken;
import java.util.concurrent.CompletableFuture;
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

  AtomicInteger waiters() {
    return waiters;
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
