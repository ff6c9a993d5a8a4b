package dev.podidentity.awssdk.eksauth;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A shared credentials or configuration file, in the grammar that the AWS SDK for Go reads:
 * indented keys, {@code :} for {@code =}, keys in capitals and values in quotes are understood. A
 * line that is not understood spoils nothing but what it should have held; its number is
 * remembered. Immutable.
 */
final class IniFile {
  private static final Pattern SECTION_COMMENT = Pattern.compile("[#;].*", Pattern.DOTALL);
  private static final Pattern VALUE_COMMENT = Pattern.compile("[ \t][#;].*", Pattern.DOTALL);
  private static final Pattern BRACKETS = Pattern.compile("[\\[\\]]");
  private static final Pattern LINE_END = Pattern.compile("\\R");
  private static final Pattern SEPARATOR = Pattern.compile("[=:]");
  private static final Pattern UTF_16 =
      Pattern.compile("^(\u00fe\u00ff|\u00ff\u00fe|\u0000.|.\u0000)");
  private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

  private final Map<String, Section> sections = new LinkedHashMap<>();

  /** What is wrong with lines before the first section. */
  private final List<Problem> global = new ArrayList<>();

  private @Nullable Section section;
  private @Nullable Property last;

  /** A line that is not understood. Says nothing of what it holds, which may be half of a key. */
  record Problem(int line, String what) {
    @Override
    public String toString() {
      return "line " + line + " " + what;
    }
  }

  /** A profile, or another part of the file. Holds secrets, and prints as its name. */
  static final class Section {
    private final String name;
    private final Map<String, Property> properties = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    private Section(String name) {
      this.name = name;
    }

    /** The value; empty where there is none, or an empty one. */
    Optional<String> value(String key) {
      return Optional.ofNullable(properties.get(key))
          .map(property -> property.value)
          .filter(value -> !value.isEmpty());
    }

    List<Problem> problems() {
      return List.copyOf(problems);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static final class Property {
    private String value;
    private final Map<String, String> nested = new LinkedHashMap<>();

    private Property(String value) {
      this.value = value;
    }
  }

  private IniFile() {}

  /** Reads a file; there is none that cannot be read. */
  static IniFile parse(byte[] bytes) {
    // Each byte is a character, so that nothing is lost whatever the encoding is.
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    var file = new IniFile();
    if (UTF_16.matcher(text).find()) {
      file.global.add(new Problem(1, "is UTF-16: write the file as UTF-8"));
      return file;
    }
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      file.read(lines[i], i + 1);
    }
    return file;
  }

  private void read(String line, int number) {
    String trimmed = trim(line);
    // What a crash leaves at the end of a file may be zeros.
    if (trimmed.replace("\0", "").isEmpty() || trimmed.startsWith("#") || trimmed.startsWith(";")) {
      return;
    }
    String head = trim(SECTION_COMMENT.matcher(line).replaceFirst(""));
    if (head.startsWith("[") && head.endsWith("]")) {
      begin(trim(head.substring(1, head.length() - 1)));
    } else if (number == 1 && line.startsWith(BYTE_ORDER_MARK)) {
      global.add(new Problem(1, "starts with a byte order mark: write the file without it"));
    } else if (section != null) {
      readIn(section, line, number);
    } else {
      global.add(new Problem(number, "is before any [profile]"));
    }
  }

  private void begin(String title) {
    String name = title.replaceAll("[ \t]+", " ");
    section = sections.computeIfAbsent(name, Section::new);
    last = null;
  }

  private void readIn(Section current, String line, int number) {
    boolean indented = line.startsWith(" ") || line.startsWith("\t");
    Property before = last;
    boolean below = indented && before != null && before.value.isEmpty();
    String text =
        below ? line : VALUE_COMMENT.matcher(indented ? stripped(line) : line).replaceFirst("");
    Matcher separator = SEPARATOR.matcher(text);
    if (!separator.find()) {
      if (indented && before != null && !before.value.isEmpty()) {
        before.value += "\n" + stripped(line).stripTrailing();
      } else {
        current.problems.add(new Problem(number, "is not 'key = value'"));
      }
      return;
    }
    String key = trim(text.substring(0, separator.start())).toLowerCase(Locale.ROOT);
    String value = unquoted(trim(text.substring(separator.end())));
    if (value.indexOf('\0') >= 0) {
      current.problems.add(new Problem(number, "holds a zero byte"));
    } else if (before != null && below) {
      before.nested.put(key, value);
    } else {
      var property = new Property(value);
      current.properties.put(key, property);
      last = property;
    }
  }

  private static String stripped(String line) {
    return line.replaceFirst("^[ \t]+", "");
  }

  private static String trim(String text) {
    return text.replaceAll("^[ \t\r\f\u000b]+|[ \t\r\f\u000b]+$", "");
  }

  private static String unquoted(String value) {
    boolean quoted =
        value.length() > 1
            && ((value.startsWith("'") && value.endsWith("'"))
                || (value.startsWith("\"") && value.endsWith("\"")));
    return quoted ? value.substring(1, value.length() - 1) : value;
  }

  /** A section by its whole title. */
  Optional<Section> section(String title) {
    return Optional.ofNullable(sections.get(title));
  }

  /** What is wrong with a section, or with the file where it does not have it. */
  List<Problem> problems(String title) {
    Section found = sections.get(title);
    return found == null ? List.copyOf(global) : found.problems();
  }

  /** The same in the narrower grammar that the AWS SDK for Java reads. */
  byte[] forTheSdk() {
    var text = new StringBuilder();
    for (Section one : sections.values()) {
      // The SDK fails for these, and no profile can be asked for by such a name.
      if (one.name.isEmpty() || BRACKETS.matcher(one.name).find() || !isOneLine(one.name)) {
        continue;
      }
      text.append('[').append(one.name).append("]\n");
      one.properties.forEach((key, property) -> append(text, key, property));
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static void append(StringBuilder text, String key, Property property) {
    if (key.isEmpty() || !isOneLine(key + property.value.replace("\n", ""))) {
      return;
    }
    text.append(key).append('=').append(property.value.replace("\n", "\n ")).append('\n');
    property.nested.forEach(
        (name, value) -> {
          if (!name.isEmpty() && isOneLine(name + value)) {
            text.append(' ').append(name).append('=').append(value).append('\n');
          }
        });
  }

  // The SDK ends a line at more characters than the grammar does.
  private static boolean isOneLine(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return !LINE_END.matcher(new String(bytes, StandardCharsets.UTF_8)).find();
  }
}
