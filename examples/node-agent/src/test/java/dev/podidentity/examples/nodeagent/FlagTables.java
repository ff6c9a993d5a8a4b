package dev.podidentity.examples.nodeagent;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The tables of a page that begin with {@code flag of `command`}. */
final class FlagTables {
  /** What the table of the flags that every command has is called. */
  static final String EVERY_COMMAND = "every command";

  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final String HEADER = "| flag of ";

  private final Map<String, Map<List<String>, Row>> tables = new LinkedHashMap<>();

  private FlagTables() {}

  /**
   * A flag.
   *
   * @param defaultValue as the page has it, without backquotes
   * @param literals what of the default is code
   */
  record Row(String variable, String defaultValue, List<String> literals) {}

  static FlagTables read(Path page) throws IOException {
    var read = new FlagTables();
    List<String> commands = List.of();
    for (String line : Files.readAllLines(page)) {
      if (line.startsWith(HEADER)) {
        commands = commands(line);
      } else if (!line.startsWith("|")) {
        commands = List.of();
      } else if (!line.startsWith("| ---")) {
        read.add(commands, line.split(" *\\| *", -1));
      }
    }
    return read;
  }

  private static List<String> commands(String header) {
    List<String> named = literals(header);
    return named.isEmpty() ? List.of(EVERY_COMMAND) : named;
  }

  private void add(List<String> commands, String[] cells) {
    for (String command : commands) {
      var row = new Row(plain(cells[2]), plain(cells[3]), literals(cells[3]));
      tables.computeIfAbsent(command, any -> new LinkedHashMap<>()).put(literals(cells[1]), row);
    }
  }

  private static List<String> literals(String cell) {
    return CODE.matcher(cell).results().map(one -> one.group(1)).toList();
  }

  private static String plain(String cell) {
    return cell.replace("`", "");
  }

  Set<String> commands() {
    return tables.keySet();
  }

  /** The flags of a command, each with all its names; none if the page has no table of it. */
  Map<List<String>, Row> rows(String command) {
    return tables.getOrDefault(command, Map.of());
  }

  /** One of them, which the page must have. */
  Row row(String command, List<String> names) {
    return requireNonNull(
        rows(command).get(names), () -> "the page has no row " + names + " of " + command);
  }
}
