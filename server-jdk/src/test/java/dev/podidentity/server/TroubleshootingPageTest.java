package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.association.AssociationFailure;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.doctor.Finding;
import dev.podidentity.doctor.Severity;
import dev.podidentity.pod.PodFailureReason;
import dev.podidentity.token.InvalidTokenException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/troubleshooting.md} explains every code there is, and none that there is not. */
class TroubleshootingPageTest {
  private static final Pattern ROW = Pattern.compile("\\| `(?<code>[\\w-]+)` \\|(?<rest>.*)\\|");
  private static final String PAGE = read(Path.of("..", "docs", "troubleshooting.md"));

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The cells behind each code of a section's table. */
  private static Map<String, List<String>> table(String heading) {
    int start = PAGE.indexOf("\n## " + heading + "\n");
    assertThat(start).as(heading).isNotNegative();
    int end = PAGE.indexOf("\n## ", start + 1);
    Matcher rows = ROW.matcher(end < 0 ? PAGE.substring(start) : PAGE.substring(start, end));
    var table = new LinkedHashMap<String, List<String>>();
    while (rows.find()) {
      List<String> cells =
          Arrays.stream(rows.group("rest").split("\\|", -1)).map(String::strip).toList();
      assertThat(table.put(rows.group("code"), cells)).as(rows.group("code")).isNull();
    }
    return table;
  }

  private static Map<String, List<String>> explains(String heading, Stream<String> codes) {
    var table = table(heading);
    assertThat(table.keySet()).as(heading).containsExactlyInAnyOrderElementsOf(codes.toList());
    return table;
  }

  private static void explainsWithARemedy(String heading, Stream<String> codes) {
    explains(heading, codes)
        .forEach((code, cells) -> assertThat(cells).as(code).hasSize(2).doesNotContain(""));
  }

  private static <E> Stream<String> names(E[] values, Function<E, String> name) {
    return Arrays.stream(values).map(name);
  }

  @Test
  void explainsEachAnswerOfTheAgentWithItsStatus() {
    var table =
        explains(
            "Answers of the agent",
            Stream.concat(
                names(FailureReason.values(), FailureReason::code),
                Stream.of(ErrorAnswers.NOT_FOUND, ErrorAnswers.METHOD_NOT_ALLOWED)));

    table.forEach((code, cells) -> assertThat(cells).as(code).hasSize(3).doesNotContain(""));
    for (FailureReason reason : FailureReason.values()) {
      int status = ErrorAnswers.of(new CredentialException(reason, "It failed")).status();
      assertThat(table.getOrDefault(reason.code(), List.of()))
          .first()
          .isEqualTo(Integer.toString(status));
    }
  }

  @Test
  void explainsEachFindingOfTheDoctorWithItsSeverity() {
    var table =
        explains("Findings of doctor", names(Finding.Code.values(), Finding.Code::toString));

    for (Finding.Code code : Finding.Code.values()) {
      List<String> cells = table.getOrDefault(code.toString(), List.of());
      assertThat(cells).as("%s", code).hasSize(3);
      assertThat(cells.get(0)).isEqualTo(code.severity().name().toLowerCase(Locale.ROOT));
      assertThat(cells.get(1)).as("%s", code).isNotEmpty();
      assertThat(cells.get(2).isEmpty()).as("%s", code).isEqualTo(code.severity() == Severity.OK);
    }
  }

  @Test
  void explainsEachFailureOfTheCredentialsProvider() {
    explainsWithARemedy(
        "Failures of the credentials provider", names(PodFailureReason.values(), Enum::name));
  }

  @Test
  void explainsWhyAnAddressCannotBeHad() {
    explainsWithARemedy(
        "Addresses that cannot be had", names(BindFailure.Cause.values(), Enum::name));
  }

  @Test
  void explainsWhyATokenIsNotAcceptable() {
    explainsWithARemedy("Tokens", names(InvalidTokenException.Reason.values(), Enum::name));
  }

  @Test
  void explainsWhatIsWrongWithAnAssociation() {
    explainsWithARemedy(
        "Associations", names(AssociationFailure.values(), AssociationFailure::code));
  }
}
