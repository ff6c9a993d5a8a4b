package dev.podidentity.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Inputs that are almost right: what lies in a folder of {@code src/test/resources/fuzz}, changed
 * in a few places. A number makes the same input each time. Immutable.
 */
public final class Mutations {
  private static final int MOST_CHANGES = 6;
  private static final int LONGEST_COPY = 64;

  /** What parsers tend to trip over. */
  private static final List<String> PIECES =
      List.of(
          "\0",
          "\n",
          "\r\n",
          "\"",
          "\\",
          "\\u0000",
          "\\ud800",
          "{",
          "}",
          "[",
          "]",
          "[[[[[[[[",
          ":",
          ",",
          ".",
          "..",
          "-",
          "=",
          "+",
          "%",
          " ",
          "\t",
          "null",
          "true",
          "{}",
          "[]",
          "\"\"",
          "0",
          "-1",
          "1e999",
          "1e-999",
          "9223372036854775807",
          "9223372036854775808",
          "99999999999999999999999999999999999",
          "0x10",
          "é",
          "\u202e",
          "\uFEFF",
          "😀",
          "[::]",
          "?",
          "?auto",
          "\n[default]\n",
          "Content-Length: 5\r\n",
          "Transfer-Encoding: chunked\r\n");

  private final List<byte[]> seeds;

  private Mutations(List<byte[]> seeds) {
    this.seeds = seeds;
  }

  /** Those of a folder below {@code src/test/resources/fuzz}. */
  public static Mutations of(String corpus) {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz", corpus))) {
      return new Mutations(files.sorted().map(Mutations::read).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The input that this number makes. */
  public byte[] bytes(long number) {
    var random = new Random(number);
    byte[] input = any(random);
    for (int changes = random.nextInt(MOST_CHANGES + 1); changes > 0; changes--) {
      input = change(input, random);
    }
    return input;
  }

  /** The same as a text of one character a byte, so that none is lost. */
  public String text(long number) {
    return new String(bytes(number), StandardCharsets.ISO_8859_1);
  }

  private byte[] any(Random random) {
    return seeds.get(random.nextInt(seeds.size()));
  }

  private byte[] change(byte[] input, Random random) {
    int at = random.nextInt(input.length + 1);
    int to = Math.min(input.length, at + random.nextInt(LONGEST_COPY));
    return switch (random.nextInt(7)) {
      case 0 -> flip(input, random);
      case 1 -> insert(input, at, new byte[] {(byte) random.nextInt()});
      case 2 -> insert(input, at, piece(random));
      case 3 -> insert(input, at, Arrays.copyOfRange(input, at, to));
      case 4 -> join(Arrays.copyOf(input, at), input, to);
      case 5 -> Arrays.copyOf(input, at);
      default -> splice(input, at, any(random), random);
    };
  }

  private static byte[] piece(Random random) {
    return PIECES.get(random.nextInt(PIECES.size())).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] flip(byte[] input, Random random) {
    byte[] flipped = input.clone();
    if (flipped.length > 0) {
      flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    return flipped;
  }

  private static byte[] insert(byte[] input, int at, byte[] more) {
    return join(join(Arrays.copyOf(input, at), more, 0), input, at);
  }

  private static byte[] splice(byte[] input, int at, byte[] other, Random random) {
    return join(Arrays.copyOf(input, at), other, random.nextInt(other.length + 1));
  }

  private static byte[] join(byte[] head, byte[] tail, int from) {
    var joined = new ByteArrayOutputStream();
    joined.writeBytes(head);
    joined.write(tail, from, tail.length - from);
    return joined.toByteArray();
  }
}
