package dev.podidentity.association;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One condition of a statement.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html">
 *     Condition operators</a>
 */
record TrustCondition(String operator, String key, List<String> values) {
  private static final String IF_EXISTS = "ifexists";

  enum Result {
    HOLDS,
    FAILS,
    UNKNOWN
  }

  Result heldAgainst(TrustRequest request) {
    String actual = request.valueOf(key);
    if (actual == null && request.mayHave(key)) {
      return Result.UNKNOWN;
    }
    String name = operator.toLowerCase(Locale.ROOT);
    boolean lenient = name.endsWith(IF_EXISTS);
    String plain = lenient ? name.substring(0, name.length() - IF_EXISTS.length()) : name;
    if (actual == null && lenient) {
      return Result.HOLDS;
    }
    return switch (plain) {
      case "stringequals" -> positive(actual, String::equals);
      case "stringequalsignorecase" -> positive(actual, String::equalsIgnoreCase);
      case "stringlike", "arnlike", "arnequals" -> positive(actual, Wildcards::matches);
      case "stringnotequals" -> negative(actual, String::equals);
      case "stringnotequalsignorecase" -> negative(actual, String::equalsIgnoreCase);
      case "stringnotlike", "arnnotlike", "arnnotequals" -> negative(actual, Wildcards::matches);
      case "null" -> result(values.contains(String.valueOf(actual == null)));
      default -> Result.UNKNOWN;
    };
  }

  @FunctionalInterface
  private interface Comparison {
    boolean matches(String expected, String actual);
  }

  private Result positive(@Nullable String actual, Comparison comparison) {
    return result(
        actual != null && values.stream().anyMatch(value -> comparison.matches(value, actual)));
  }

  // IAM's negated operators hold where the key is missing.
  private Result negative(@Nullable String actual, Comparison comparison) {
    return result(
        actual == null || values.stream().noneMatch(value -> comparison.matches(value, actual)));
  }

  private static Result result(boolean holds) {
    return holds ? Result.HOLDS : Result.FAILS;
  }

  String describe(@Nullable String actual) {
    return operator
        + " "
        + key
        + " "
        + values
        + ", where this association has "
        + (actual == null ? "no value" : actual);
  }
}
