package dev.podidentity.storage;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** Text under a checksum: eight hexadecimal digits of CRC-32C over what follows a space. */
public final class CheckedLine {
  private static final int CHECKSUM_LENGTH = 8;

  private CheckedLine() {}

  /** The line for a text, with its end. */
  public static String of(String text) {
    return checksum(text) + " " + text + "\n";
  }

  private static String checksum(String text) {
    var crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  /**
   * The text of a line that has no end.
   *
   * @throws IllegalArgumentException if the text is not what the checksum was made for
   */
  public static String verified(String line) {
    String text = line.length() > CHECKSUM_LENGTH ? line.substring(CHECKSUM_LENGTH + 1) : "";
    if (!line.startsWith(checksum(text) + " ")) {
      throw new IllegalArgumentException(
          "is not what its checksum was made for (to edit a line by hand, take its checksum away)");
    }
    return text;
  }
}
