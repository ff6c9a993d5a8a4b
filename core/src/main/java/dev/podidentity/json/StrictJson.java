package dev.podidentity.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON object (RFC 8259) from bytes that somebody else wrote: UTF-8 and nothing else, no
 * duplicate keys, no trailing text, bounded depth and numbers. Errors never show the input, which
 * may hold a secret. Thread-safe.
 */
public final class StrictJson {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_LENGTH = 32;

  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .build())
                  .build())
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
    return readObject(decode(utf8));
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
      throw new InvalidJsonException("is JSON, but not an object");
    } catch (JsonProcessingException e) {
      throw new InvalidJsonException("is not valid JSON" + position(e));
    }
  }

  private static String decode(byte[] utf8) throws InvalidJsonException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidJsonException("is not valid UTF-8");
    }
  }

  private static String position(JsonProcessingException e) {
    var location = e.getLocation();
    return location == null
        ? ""
        : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
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
