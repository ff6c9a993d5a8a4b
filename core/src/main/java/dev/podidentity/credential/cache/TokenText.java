package dev.podidentity.credential.cache;

import dev.podidentity.token.ServiceAccountToken;
import org.jspecify.annotations.Nullable;

/**
 * A token's text as the key of a map. The end of a token is a signature, which nobody chooses and
 * no other token has: it is enough to find it by, and the whole text is compared. Immutable.
 */
final class TokenText {
  private static final int HASHED = 32;

  private final String text;

  TokenText(String text) {
    this.text = text;
  }

  static TokenText of(ServiceAccountToken token) {
    return new TokenText(token.value());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TokenText that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    int hash = text.length();
    for (int i = Math.max(0, text.length() - HASHED); i < text.length(); i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash;
  }

  @Override
  public String toString() {
    return "TokenText[" + text.length() + " characters]";
  }
}
