package dev.podidentity.credential.cache;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Several listeners as one. */
final class CacheListeners implements CacheListener {
  private final List<CacheListener> listeners;

  CacheListeners(List<CacheListener> listeners) {
    this.listeners = listeners;
  }

  @Override
  public void hits(long count) {
    tell(to -> to.hits(count));
  }

  @Override
  public void missed(ServiceAccountToken token) {
    tell(to -> to.missed(token));
  }

  @Override
  public void joined(ServiceAccountToken token) {
    tell(to -> to.joined(token));
  }

  @Override
  public void rotated(ServiceAccountToken token) {
    tell(to -> to.rotated(token));
  }

  @Override
  public void stored(ServiceAccountToken token, Instant expiration) {
    tell(to -> to.stored(token, expiration));
  }

  @Override
  public void renewed(ServiceAccountToken token, Instant expiration) {
    tell(to -> to.renewed(token, expiration));
  }

  @Override
  public void renewalFailed(ServiceAccountToken token, CredentialException failure) {
    tell(to -> to.renewalFailed(token, failure));
  }

  @Override
  public void dropped(ServiceAccountToken token, DropReason reason) {
    tell(to -> to.dropped(token, reason));
  }

  @Override
  public void refused(ServiceAccountToken token, CredentialException refusal) {
    tell(to -> to.refused(token, refusal));
  }

  @Override
  public void throttled(Duration pause) {
    tell(to -> to.throttled(pause));
  }

  @Override
  public void callFailed(ServiceAccountToken token, CredentialException failure) {
    tell(to -> to.callFailed(token, failure));
  }

  @Override
  public void called(ServiceAccountToken token, Duration took, @Nullable FailureReason failure) {
    tell(to -> to.called(token, took, failure));
  }

  @Override
  public void lost(long count) {
    tell(to -> to.lost(count));
  }

  // The first failure is thrown when all have been told: whoever tells this one logs it.
  private void tell(Consumer<CacheListener> event) {
    @Nullable RuntimeException first = null;
    for (CacheListener listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
  }
}
