package dev.podidentity.server.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The part of a list that a request asks for with {@code maxResults} and {@code nextToken}.
 *
 * @param items the part
 * @param nextToken what to ask the next part with; null if this is the last one
 */
record Page<T>(List<T> items, @Nullable String nextToken) {
  private static final int MAX_RESULTS = 100;
  private static final String TOKEN = "from-";

  /**
   * The part that is asked for.
   *
   * @throws IllegalArgumentException if the request has a number out of range or a strange token
   */
  static <T> Page<T> of(List<T> all, EksRequest request) {
    int size = size(request.first("maxResults"));
    int from = from(request.first("nextToken"), all.size());
    int to = Math.min(all.size(), from + size);
    return new Page<>(all.subList(from, to), to < all.size() ? TOKEN + to : null);
  }

  private static int size(@Nullable String text) {
    int size = text == null ? MAX_RESULTS : number(text, "maxResults");
    if (size < 1 || size > MAX_RESULTS) {
      throw new IllegalArgumentException("maxResults is " + size + ": it is from 1 to 100");
    }
    return size;
  }

  private static int from(@Nullable String token, int all) {
    if (token == null) {
      return 0;
    }
    int from = token.startsWith(TOKEN) ? number(token.substring(TOKEN.length()), "nextToken") : -1;
    if (from < 0 || from > all) {
      throw new IllegalArgumentException("nextToken is none that was given out");
    }
    return from;
  }

  private static int number(String text, String parameter) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(parameter + " is no number", e);
    }
  }

  /** The part as an answer has it. */
  ObjectNode write(String member, Function<T, JsonNode> writer) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    var list = json.putArray(member);
    items.forEach(item -> list.add(writer.apply(item)));
    if (nextToken != null) {
      json.put("nextToken", nextToken);
    }
    return json;
  }
}
