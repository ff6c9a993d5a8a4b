package dev.podidentity.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object (RFC 8259) from bytes that somebody else wrote: UTF-8 and nothing else, no
 * duplicate keys, no trailing text, bounded depth and numbers. Errors never show the input, which
 * may hold a secret. Thread-safe.
 */
public final class StrictJson {
  private static final ObjectReader READER =
      JsonMapper.builder(JsonText.FACTORY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  private StrictJson() {}

  /**
   * Reads a JSON object.
   *
   * @throws InvalidJsonException if the bytes are anything else; its message says where and never
   *     what
   */
  public static ObjectNode readObject(byte[] utf8) throws InvalidJsonException {
    return readObject(JsonText.decode(utf8));
  }

  /**
   * Reads a JSON object.
   *
   * @throws InvalidJsonException if the text is anything else
   */
  public static ObjectNode readObject(String text) throws InvalidJsonException {
    try {
      if (READER.readTree(text) instanceof ObjectNode object) {
        return object;
      }
      throw JsonText.notAnObject();
    } catch (JsonProcessingException e) {
      throw JsonText.invalid(e);
    }
  }

  /**
   * The text of a member, or null where it is absent, null, or no string.
   *
   * @param object where to look
   * @param name the member
   */
  public static @Nullable String text(ObjectNode object, String name) {
    var node = object.get(name);
    return node != null && node.isTextual() ? node.textValue() : null;
  }
}
