package dev.podidentity.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The texts and numbers of one JSON object, read as strictly as {@link StrictJson} does, without
 * its tree: a process that is about to make its first AWS call does not wait until the classes of a
 * data binder are loaded. Objects within the object are passed over. Immutable.
 */
public final class JsonMembers {
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Double> numbers = new HashMap<>();
  private final Map<String, List<String>> lists = new HashMap<>();

  private JsonMembers(JsonParser parser) throws IOException, InvalidJsonException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      // What follows is read to its end: text that is not even JSON is to be called that.
      parser.skipChildren();
      throw JsonText.notAnObject();
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      readValue(name, parser, parser.nextToken());
    }
    if (parser.nextToken() != null) {
      throw new InvalidJsonException("is not valid JSON (text behind its end)");
    }
  }

  /**
   * Reads a JSON object.
   *
   * @throws InvalidJsonException if the bytes are anything else; its message says where and never
   *     what
   */
  public static JsonMembers read(byte[] utf8) throws InvalidJsonException {
    try (JsonParser parser = JsonText.FACTORY.createParser(JsonText.decode(utf8))) {
      return new JsonMembers(parser);
    } catch (JsonProcessingException e) {
      throw JsonText.invalid(e);
    } catch (IOException e) {
      throw new AssertionError("a text in memory can be read", e);
    }
  }

  private void readValue(String name, JsonParser parser, JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      texts.put(name, parser.getText());
      lists.put(name, List.of(parser.getText()));
    } else if (token.isNumeric()) {
      numbers.put(name, parser.getDoubleValue());
    } else if (token == JsonToken.START_ARRAY) {
      lists.put(name, readList(parser));
    } else {
      parser.skipChildren();
    }
  }

  private static List<String> readList(JsonParser parser) throws IOException {
    var list = new ArrayList<String>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token == JsonToken.VALUE_STRING) {
        list.add(parser.getText());
      }
      parser.skipChildren();
    }
    return List.copyOf(list);
  }

  /** The text of a member, or null where it is absent or no string. */
  public @Nullable String text(String name) {
    return texts.get(name);
  }

  /** The value of a member, or null where it is absent or no number. */
  public @Nullable Double number(String name) {
    return numbers.get(name);
  }

  /** The strings of a member that is an array or a single string; empty where it is neither. */
  public List<String> list(String name) {
    return lists.getOrDefault(name, List.of());
  }
}
