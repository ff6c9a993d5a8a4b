package dev.podidentity.credential.cache;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Answers as EKS Auth does, or fails as it is told to. Its key ids name the pod. Thread-safe. */
final class FakeSource implements CredentialSource {
  static final Duration LIFETIME = Duration.ofHours(6);

  private final Clock clock;
  private final AtomicInteger calls = new AtomicInteger();
  private final List<ServiceAccountToken> tokens = new CopyOnWriteArrayList<>();
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();
  private final AtomicInteger overlaps = new AtomicInteger();
  private volatile Duration lifetime = LIFETIME;
  private volatile @Nullable FailureReason failure;
  private volatile boolean recording = true;

  FakeSource(Clock clock) {
    this.clock = clock;
  }

  /** Fails from now on. */
  void failWith(FailureReason reason) {
    failure = reason;
  }

  /** Answers from now on. */
  void recover() {
    failure = null;
  }

  void lifetime(Duration next) {
    lifetime = next;
  }

  /** Only counts from now on. */
  void stopRecording() {
    recording = false;
  }

  @Override
  public TemporaryCredentials fetch(ServiceAccountToken token) {
    if (!underWay.add(token.value())) {
      overlaps.incrementAndGet();
    }
    try {
      return answer(token);
    } finally {
      underWay.remove(token.value());
    }
  }

  private TemporaryCredentials answer(ServiceAccountToken token) {
    int number = calls.incrementAndGet();
    if (recording) {
      tokens.add(token);
    }
    FailureReason reason = failure;
    if (reason != null) {
      throw new CredentialException(reason, "told to fail");
    }
    if (TestTokens.isForged(token)) {
      throw new CredentialException(FailureReason.INVALID_TOKEN, "the signature is wrong");
    }
    if (!clock.instant().isBefore(token.expiresAt())) {
      throw new CredentialException(FailureReason.EXPIRED_TOKEN, "the token has expired");
    }
    return credentials(token.pod().map(pod -> pod.uid()).orElse("none") + "#" + number);
  }

  private TemporaryCredentials credentials(String keyId) {
    return TemporaryCredentials.builder()
        .accessKeyId(keyId)
        .secretAccessKey("secret")
        .sessionToken("session")
        .accountId("111122223333")
        .expiration(clock.instant().plus(lifetime))
        .build();
  }

  int calls() {
    return calls.get();
  }

  /** The tokens it was called with, in order. */
  List<ServiceAccountToken> tokens() {
    return tokens;
  }

  /** How often it was called for a token while it was working on the same one. */
  int overlaps() {
    return overlaps.get();
  }
}
