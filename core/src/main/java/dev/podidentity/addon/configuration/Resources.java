package dev.podidentity.addon.configuration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.json.InvalidJsonException;
import dev.podidentity.json.StrictJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The files that come with this package. */
final class Resources {
  private Resources() {}

  static String text(String name) {
    try (var in = Resources.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the library");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ObjectNode json(String text) {
    try {
      return StrictJson.readObject(text);
    } catch (InvalidJsonException e) {
      throw new IllegalStateException("a file of the library " + e.getMessage(), e);
    }
  }
}
