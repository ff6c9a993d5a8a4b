package dev.podidentity.credential.cache;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** Writes down each event in a few words. */
final class RecordingListener implements CacheListener {
  private final List<String> events = new CopyOnWriteArrayList<>();

  List<String> events() {
    return events;
  }

  @Override
  public void hits(long count) {
    events.add("hits " + count);
  }

  @Override
  public void missed(ServiceAccountToken token) {
    events.add("missed " + TestTokens.uidOf(token));
  }

  @Override
  public void joined(ServiceAccountToken token) {
    events.add("joined " + TestTokens.uidOf(token));
  }

  @Override
  public void rotated(ServiceAccountToken token) {
    events.add("rotated " + TestTokens.uidOf(token));
  }

  @Override
  public void stored(ServiceAccountToken token, Instant expiration) {
    events.add("stored " + TestTokens.uidOf(token));
  }

  @Override
  public void renewed(ServiceAccountToken token, Instant expiration) {
    events.add("renewed " + TestTokens.uidOf(token));
  }

  @Override
  public void renewalFailed(ServiceAccountToken token, CredentialException failure) {
    events.add("renewal failed " + TestTokens.uidOf(token) + " " + failure.reason());
  }

  @Override
  public void dropped(ServiceAccountToken token, DropReason reason) {
    events.add("dropped " + TestTokens.uidOf(token) + " " + reason);
  }

  @Override
  public void refused(ServiceAccountToken token, CredentialException refusal) {
    events.add("refused " + TestTokens.uidOf(token) + " " + refusal.reason());
  }

  @Override
  public void throttled(Duration pause) {
    events.add("throttled");
  }

  @Override
  public void called(ServiceAccountToken token, Duration took, @Nullable FailureReason failure) {
    events.add("called " + TestTokens.uidOf(token) + (failure == null ? "" : " " + failure));
  }

  @Override
  public void lost(long count) {
    events.add("lost " + count);
  }
}
