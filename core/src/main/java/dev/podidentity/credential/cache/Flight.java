package dev.podidentity.credential.cache;

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
final class Flight {
  private final ServiceAccountToken token;
  private final EntryKey key;
  private final Sender sender;
  private final @Nullable Renewal renewal;
  private final CompletableFuture<Issuance> outcome = new CompletableFuture<>();
  private final AtomicInteger waiters = new AtomicInteger();
  private volatile boolean trusted;

  /**
   * What a renewal renews.
   *
   * @param entry the entry
   * @param held what it held when the renewal began
   */
  record Renewal(Entry entry, Held held) {}

  private Flight(ServiceAccountToken token, Sender sender, @Nullable Renewal renewal) {
    this.token = token;
    this.sender = sender;
    this.key = EntryKey.of(token);
    this.renewal = renewal;
    this.trusted = renewal != null;
  }

  static Flight miss(ServiceAccountToken token, Sender sender) {
    return new Flight(token, sender, null);
  }

  static Flight renewal(Entry entry, Held held) {
    return new Flight(held.token(), Sender.UNKNOWN, new Renewal(entry, held));
  }

  ServiceAccountToken token() {
    return token;
  }

  EntryKey key() {
    return key;
  }

  /** Whom it counts for; a renewal is the agent's own. */
  Sender sender() {
    return sender;
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

  void land(Issuance issuance) {
    outcome.complete(issuance);
  }

  void fail(CredentialException failure) {
    outcome.completeExceptionally(failure);
  }
}
