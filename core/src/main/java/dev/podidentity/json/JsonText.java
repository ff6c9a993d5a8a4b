package dev.podidentity.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** What all reading of JSON here has in common: UTF-8, limits, and errors without the input. */
final class JsonText {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NUMBER_LENGTH = 32;

  static final JsonFactory FACTORY = factory();

  private JsonText() {}

  private static JsonFactory factory() {
    JsonFactoryBuilder builder =
        new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION);
    try {
      Limits.set(builder);
    } catch (LinkageError e) {
      // Jackson below 2.15, which applications in pods may bring. What it reads is bounded by its
      // length, and nothing here recurses into it.
    }
    return builder.build();
  }

  /** What Jackson has since 2.15. */
  private static final class Limits {
    private Limits() {}

    static void set(JsonFactoryBuilder builder) {
      builder.streamReadConstraints(
          StreamReadConstraints.builder()
              .maxNestingDepth(MAX_DEPTH)
              .maxNumberLength(MAX_NUMBER_LENGTH)
              .build());
    }
  }

  static String decode(byte[] utf8) throws InvalidJsonException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidJsonException("is not valid UTF-8");
    }
  }

  static InvalidJsonException invalid(JsonProcessingException e) {
    var location = e.getLocation();
    String position =
        location == null
            ? ""
            : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    return new InvalidJsonException("is not valid JSON" + position);
  }

  static InvalidJsonException notAnObject() {
    return new InvalidJsonException("is JSON, but not an object");
  }
}
