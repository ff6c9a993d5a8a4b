package dev.podidentity.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.server.http.Answer;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * The answers with credentials. One is made once for the same credentials, and forgotten with them.
 * Thread-safe; an answer that is there is found without a lock.
 */
final class CredentialAnswers {
  private static final int OK = 200;

  /** Credentials are equal to themselves alone: nobody gets the answer that was made for others. */
  private final ConcurrentMap<Key, Answer> made = new ConcurrentHashMap<>();

  private final ReferenceQueue<TemporaryCredentials> gone = new ReferenceQueue<>();

  /** By which an answer is found, kept or asked for. */
  private interface Key {
    @Nullable TemporaryCredentials credentials();
  }

  private static final class Kept extends WeakReference<TemporaryCredentials> implements Key {
    private final int hash;

    Kept(TemporaryCredentials credentials, ReferenceQueue<TemporaryCredentials> gone) {
      super(credentials, gone);
      hash = System.identityHashCode(credentials);
    }

    @Override
    public @Nullable TemporaryCredentials credentials() {
      return get();
    }

    // Once its credentials are gone it is equal to itself alone, and can still be taken out.
    @Override
    public boolean equals(@Nullable Object other) {
      return this == other || isFor(get(), other);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }

  private static final class Asked implements Key {
    private final TemporaryCredentials credentials;

    Asked(TemporaryCredentials credentials) {
      this.credentials = credentials;
    }

    @Override
    public TemporaryCredentials credentials() {
      return credentials;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return isFor(credentials, other);
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(credentials);
    }
  }

  private static boolean isFor(@Nullable TemporaryCredentials credentials, @Nullable Object key) {
    return credentials != null && key instanceof Key other && other.credentials() == credentials;
  }

  Answer of(TemporaryCredentials credentials) {
    Answer present = made.get(new Asked(credentials));
    return present != null ? present : add(credentials);
  }

  private Answer add(TemporaryCredentials credentials) {
    for (Reference<?> key = gone.poll(); key != null; key = gone.poll()) {
      made.remove(key);
    }
    return made.computeIfAbsent(new Kept(credentials, gone), key -> make(credentials));
  }

  private static Answer make(TemporaryCredentials credentials) {
    return Answer.json(
        OK,
        JsonNodeFactory.instance
            .objectNode()
            .put("AccessKeyId", credentials.accessKeyId())
            .put("SecretAccessKey", credentials.secretAccessKey())
            .put("Token", credentials.sessionToken())
            .put("AccountId", credentials.accountId())
            .put("Expiration", credentials.expiration().toString()));
  }
}
