package dev.podidentity.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.server.http.Answer;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * The answers with credentials. One is made once for the same credentials, and forgotten with them.
 * Thread-safe.
 */
final class CredentialAnswers {
  private static final int OK = 200;

  private final Object lock = new Object();

  // Credentials are equal to themselves alone: nobody gets the answer that was made for others.
  @GuardedBy("lock")
  private final Map<TemporaryCredentials, Answer> made = new WeakHashMap<>();

  Answer of(TemporaryCredentials credentials) {
    synchronized (lock) {
      return made.computeIfAbsent(credentials, CredentialAnswers::make);
    }
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
