package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The AWS tags of a resource: at most 50, keys of 1 to 128 and values of 0 to 256 characters, none
 * of them starting with {@code aws:} in any case. Keeps their order. Immutable; equal if the tags
 * are.
 *
 * @see <a href="https://docs.aws.amazon.com/eks/latest/APIReference/API_TagResource.html">
 *     TagResource</a>
 */
public final class Tags {
  /** How many tags a resource has at most. */
  public static final int MAX_COUNT = 50;

  private static final int MAX_KEY_LENGTH = 128;
  private static final int MAX_VALUE_LENGTH = 256;
  private static final String RESERVED_PREFIX = "aws:";
  private static final Tags NONE = new Tags(Map.of());

  private final Map<String, String> byKey;

  private Tags(Map<String, String> byKey) {
    this.byKey = byKey;
  }

  /** No tags. */
  public static Tags none() {
    return NONE;
  }

  /**
   * These tags.
   *
   * @throws IllegalArgumentException if there are too many, or one breaks a rule
   */
  public static Tags of(Map<String, String> tags) {
    requireNonNull(tags, "tags").forEach(Tags::requireAllowed);
    if (tags.size() > MAX_COUNT) {
      throw new IllegalArgumentException(
          "A resource has at most " + MAX_COUNT + " tags, and these are " + tags.size());
    }
    return tags.isEmpty() ? NONE : new Tags(Collections.unmodifiableMap(new LinkedHashMap<>(tags)));
  }

  /**
   * These tags and the others; the others win where both have a key.
   *
   * @throws IllegalArgumentException if they are too many together
   */
  public Tags with(Tags others) {
    var all = new LinkedHashMap<>(byKey);
    all.putAll(others.byKey);
    return of(all);
  }

  /** These tags without those of the keys; keys that have none are passed over. */
  public Tags without(Collection<String> keys) {
    var rest = new LinkedHashMap<>(byKey);
    keys.forEach(rest::remove);
    return of(rest);
  }

  /** The tags by their keys; cannot be changed. */
  public Map<String, String> asMap() {
    return byKey;
  }

  private static void requireAllowed(String key, String value) {
    requireLength("key", key, 1, MAX_KEY_LENGTH);
    requireLength("value", value, 0, MAX_VALUE_LENGTH);
    requireNotReserved(key);
    requireNotReserved(value);
  }

  private static void requireLength(String what, String text, int min, int max) {
    int length = text.codePointCount(0, text.length());
    if (length < min || length > max) {
      throw new IllegalArgumentException(
          "A tag's "
              + what
              + " has "
              + min
              + " to "
              + max
              + " characters, and this one has "
              + length);
    }
  }

  private static void requireNotReserved(String text) {
    if (text.toLowerCase(Locale.ROOT).startsWith(RESERVED_PREFIX)) {
      throw new IllegalArgumentException(
          "'" + text + "' starts with 'aws:', which is AWS' own prefix for tags");
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tags that && byKey.equals(that.byKey);
  }

  @Override
  public int hashCode() {
    return byKey.hashCode();
  }

  @Override
  public String toString() {
    return byKey.toString();
  }
}
