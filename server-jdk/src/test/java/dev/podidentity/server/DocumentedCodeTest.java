package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The Java that README.md and the pages of docs show is code that compiles. */
class DocumentedCodeTest {
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  private static final List<String> PACKAGES =
      List.of(
          "dev.podidentity",
          "dev.podidentity.addon",
          "dev.podidentity.addon.configuration",
          "dev.podidentity.addon.rollout",
          "dev.podidentity.association",
          "dev.podidentity.awssdk",
          "dev.podidentity.awssdk.eksauth",
          "dev.podidentity.credential",
          "dev.podidentity.credential.cache",
          "dev.podidentity.local",
          "dev.podidentity.server",
          "dev.podidentity.server.local",
          "dev.podidentity.token",
          "java.net",
          "java.nio.file",
          "java.time",
          "java.util",
          "java.util.function",
          "software.amazon.awssdk.auth.credentials",
          "software.amazon.awssdk.services.eksauth");

  /** What the pages take for granted. */
  private static final String GIVEN =
      """
        AssociationStore associations;
        EksAuthClient client;
        Clock clock;
        LocalCluster cluster;
        String clusterName;
        String issuer;
        JwksSource keys;
        CacheListener metrics;
        Object sts;
        String token;

        void serveUntilStopped(PodIdentityServer server) {}

        record StsRoleCredentialIssuer(Object sts, Duration length, Supplier<UUID> name)
            implements RoleCredentialIssuer {
          public TemporaryCredentials issue(PodIdentityAssociation of, ServiceAccountToken token) {
            throw new UnsupportedOperationException();
          }
        }

        interface S3Client {
          static S3Client builder() {
            throw new UnsupportedOperationException();
          }

          S3Client credentialsProvider(AwsCredentialsProvider provider);

          S3Client build();
        }
      """;

  @TempDir private Path folder = Path.of("");

  record Block(String page, String code) {
    @Override
    public String toString() {
      return page + ": " + code.lines().findFirst().orElse("");
    }
  }

  static Stream<Block> blocks() throws IOException {
    try (Stream<Path> docs = Files.list(Path.of("..", "docs"))) {
      return Stream.concat(Stream.of(Path.of("..", "README.md")), docs.sorted())
          .filter(page -> page.toString().endsWith(".md"))
          .toList()
          .stream()
          .flatMap(DocumentedCodeTest::blocks);
    }
  }

  private static Stream<Block> blocks(Path page) {
    return JAVA_BLOCK
        .matcher(read(page))
        .results()
        .map(found -> new Block(page.getFileName().toString(), found.group(1)));
  }

  @Test
  void isInTheReadme() throws IOException {
    assertThat(blocks().map(Block::page)).contains("README.md");
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void compiles(Block block) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    var problems = new StringWriter();

    boolean compiled =
        compiler
            .getTask(
                problems,
                null,
                null,
                List.of(
                    "-proc:none",
                    "-d",
                    folder.toString(),
                    "-classpath",
                    System.getProperty("java.class.path")),
                null,
                List.of(new Source(program(block))))
            .call();

    assertThat(compiled).as(problems.toString()).isTrue();
  }

  private static String program(Block block) {
    String imports =
        PACKAGES.stream().map(name -> "import " + name + ".*;\n").collect(Collectors.joining());
    return imports
        + "class Documented {\n"
        + GIVEN
        + "  void shown() throws Exception {\n"
        + block.code()
        + "  }\n}\n";
  }

  private static String read(Path page) {
    try {
      return Files.readString(page);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String code;

    Source(String code) {
      super(URI.create("string:///Documented.java"), JavaFileObject.Kind.SOURCE);
      this.code = code;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }
  }
}
