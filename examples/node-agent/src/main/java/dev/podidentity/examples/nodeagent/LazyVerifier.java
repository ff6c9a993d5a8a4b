package dev.podidentity.examples.nodeagent;

import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A verifier that is made for the first token: the libraries that it takes load slowly. */
final class LazyVerifier implements TokenVerifier {
  private final Supplier<TokenVerifier> maker;
  private final Object lock = new Object();

  private @Nullable TokenVerifier made;

  LazyVerifier(Supplier<TokenVerifier> maker) {
    this.maker = maker;
  }

  @Override
  public void verify(ServiceAccountToken token) {
    made().verify(token);
  }

  private TokenVerifier made() {
    synchronized (lock) {
      if (made == null) {
        made = maker.get();
      }
      return made;
    }
  }
}
