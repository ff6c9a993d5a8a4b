package dev.podidentity.awssdk.eksauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/** What the shared files may look like, by what the AWS SDK for Go reads of them. */
class SharedFilesTest {
  private static final String ID = "aws_access_key_id = ASIA0LOCAL0000000001\n";
  private static final String SECRET = "aws_secret_access_key = canary-secret\n";
  private static final String TOKEN = "aws_session_token = canary-token==\n";
  private static final String WHOLE = "[default]\n" + ID + SECRET + TOKEN;

  @TempDir private Path folder = Path.of(".");

  private Path write(byte[] content) throws IOException {
    return Files.write(folder.resolve("credentials"), content);
  }

  private static SharedFiles files(Path credentials, Optional<Path> configuration) {
    return new SharedFiles(configuration, Optional.of(credentials));
  }

  private static Arguments read(String title, String content) {
    return arguments(title, content);
  }

  static Stream<Arguments> readByGo() {
    return Stream.of(
        read("as it should be", WHOLE),
        read("without an end of the last line", WHOLE.strip()),
        read("CRLF", WHOLE.replace("\n", "\r\n")),
        read("keys in capitals", WHOLE.replace("aws_", "AWS_").replace("_key", "_KEY")),
        read("double quotes", WHOLE.replaceAll("= (.*)", "= \"$1\"")),
        read("single quotes", WHOLE.replaceAll("= (.*)", "='$1'")),
        read("indented", WHOLE.replace("aws_", "  aws_")),
        read("indented by tabs, CRLF", WHOLE.replace("aws_", "\taws_").replace("\n", "\r\n")),
        read("colons", WHOLE.replace(" =", ":")),
        read("no blanks", WHOLE.replace(" = ", "=")),
        read("comments", "# one\n; two\n" + WHOLE.replace("\n", " # of the owner\n")),
        read("title with blanks", WHOLE.replace("[default]", " [ default ] ; mine")),
        read("key before the first title", "region = x\nnothing\n" + WHOLE),
        read("zeros at the end", WHOLE + "\0\0\0\0"),
        read("another profile broken", WHOLE + "\n[other]\nthis is not a property\n"),
        read("a broken title of another profile", "[other\n" + WHOLE),
        read("a key without a name", WHOLE + "= value\n"),
        read("a line of the profile broken", WHOLE + "aws_secret_acc"),
        read("a later value", "[default]\n" + ID.replace("1", "2") + ID + SECRET + TOKEN),
        read("twice the same title", "[default]\n" + ID + "[other]\n[default]\n" + SECRET + TOKEN),
        read("nested values", "[default]\ns3 =\n  max = 10\n" + ID + SECRET + TOKEN));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("readByGo")
  void readsWhatGoReads(String title, String content) throws IOException {
    Path path = write(content.getBytes(StandardCharsets.UTF_8));
    var file = new SharedCredentialsFile(path, "default");
    AwsCredentials keys = file.parse(file.read());

    assertThat(keys.accessKeyId()).isEqualTo("ASIA0LOCAL0000000001");
    assertThat(keys.secretAccessKey()).isEqualTo("canary-secret");
    assertThat(((AwsSessionCredentials) keys).sessionToken()).isEqualTo("canary-token==");
    Profile profile = files(path, Optional.empty()).get().profile("default").orElseThrow();
    assertThat(profile.property("aws_access_key_id")).contains("ASIA0LOCAL0000000001");
    assertThat(profile.property("aws_secret_access_key")).contains("canary-secret");
    assertThat(profile.property("aws_session_token")).contains("canary-token==");
  }

  @Test
  void keepsASecretWithCharactersThatBeginAComment() throws IOException {
    String secret = "abc#def;ghi+/==";
    Path path = write(WHOLE.replace("canary-secret", secret).getBytes(StandardCharsets.UTF_8));
    var file = new SharedCredentialsFile(path, "default");

    assertThat(file.parse(file.read()).secretAccessKey()).isEqualTo(secret);
    assertThat(files(path, Optional.empty()).get().profile("default").orElseThrow().properties())
        .containsEntry("aws_secret_access_key", secret);
  }

  static Stream<Arguments> refused() {
    return Stream.of(
        arguments("\uFEFF" + WHOLE, StandardCharsets.UTF_8, "line 1 starts with a byte order mark"),
        arguments(WHOLE, StandardCharsets.UTF_16, "line 1 is UTF-16"),
        arguments(WHOLE, StandardCharsets.UTF_16LE, "line 1 is UTF-16"),
        arguments(
            "[default]\n" + ID + "aws_secret_acc",
            StandardCharsets.UTF_8,
            "line 3 is not 'key = value'"),
        arguments(
            "[default]\n" + ID + "aws_secret_access_key canary-secret\n" + TOKEN,
            StandardCharsets.UTF_8,
            "line 3 is not 'key = value'"),
        arguments(
            "[default]\n" + ID + SECRET.replace("\n", "\0\0\n"),
            StandardCharsets.UTF_8,
            "line 3 holds a zero byte"),
        arguments(
            "[default]\n" + ID + SECRET.replace("\n", "\n  canary-more\n"),
            StandardCharsets.UTF_8,
            "aws_secret_access_key goes on in another line"),
        arguments("[defau", StandardCharsets.UTF_8, "line 1 is before any [profile]"),
        arguments("[other]\n" + ID + SECRET, StandardCharsets.UTF_8, "has no profile 'default'"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesTheRestWithFileAndLine(String content, Charset charset, String message)
      throws IOException {
    Path path = write(content.getBytes(charset));
    var file = new SharedCredentialsFile(path, "default");

    assertThatThrownBy(() -> file.parse(file.read()))
        .hasMessageContaining(path.toString())
        .hasMessageContaining(message)
        .hasMessageNotContaining("canary");
    if (message.startsWith("line")) {
      assertThat(files(path, Optional.empty()).problem("default").orElse(""))
          .contains(path + ": " + message)
          .doesNotContain("canary");
    }
  }

  @Test
  void readsTheFilesAgainWhenTheyAreMended() throws IOException {
    Path path = write("[default]\n".getBytes(StandardCharsets.UTF_8));
    Path configuration = Files.writeString(folder.resolve("config"), "[default]\nregi");
    SharedFiles files = files(path, Optional.of(configuration));
    ProfileFile before = files.get();
    assertThat(files.get()).isSameAs(before);
    assertThat(files.problem("default")).contains(configuration + ": line 2 is not 'key = value'");
    Files.writeString(configuration, "[default]\nregion = eu-west-1\n");

    assertThat(files.get().profile("default").orElseThrow().property("region"))
        .contains("eu-west-1");
    assertThat(files.problem("default")).isEmpty();
  }

  @Test
  void tellsTheProfileOfTheConfigurationByItsTitle() throws IOException {
    Path path = write(new byte[0]);
    Path configuration =
        Files.writeString(
            folder.resolve("config"),
            "[profile  mine]\nregion: eu-west-1\n[profile other]\nregi\n");
    SharedFiles files = files(path, Optional.of(configuration));

    assertThat(files.get().profile("mine").orElseThrow().property("region")).contains("eu-west-1");
    assertThat(files.problem("mine")).isEmpty();
    assertThat(files.problem("other").orElseThrow()).contains("line 4");
  }

  @Test
  void goesWithoutAFileThatIsMissing() {
    Path missing = folder.resolve("missing");
    SharedFiles files = files(missing, Optional.of(missing));

    assertThat(files.get().profiles()).isEmpty();
    assertThat(files.problem("default")).isEmpty();
  }

  @Property
  void hasAFileForTheSdkWhateverIsThere(@ForAll byte[] content) {
    ProfileFile.builder()
        .type(ProfileFile.Type.CREDENTIALS)
        .content(new ByteArrayInputStream(IniFile.parse(content).forTheSdk()))
        .build();
  }

  @Property
  void hasAFileForTheSdkWhateverIsWritten(@ForAll("texts") String content) {
    for (ProfileFile.Type type : ProfileFile.Type.values()) {
      byte[] bytes = IniFile.parse(content.getBytes(StandardCharsets.UTF_8)).forTheSdk();
      ProfileFile.builder().type(type).content(new ByteArrayInputStream(bytes)).build();
    }
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars("[]ab= :#;\n\t\r\"'\0é").ofMaxLength(60);
  }
}
