package dev.podidentity.awssdk;

import dev.podidentity.binding.IpLiteral;
import dev.podidentity.client.FakeAgent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Plays each fault to the AWS SDK's container provider and to ours, in real time, and writes what
 * was measured as a table into a Markdown file, between its two markers.
 */
final class FaultComparison {
  private static final String BEGIN = "<!-- comparison: begin -->";
  private static final String END = "<!-- comparison: end -->";
  private static final int LONGEST_TEXT = 200;

  private FaultComparison() {}

  public static void main(String[] arguments) throws Exception {
    // Classes are loaded now and not while the first fault is measured.
    measure(Fault.ACCOUNT_ID, ContainerCredentialsProvider::create);
    measure(Fault.ACCOUNT_ID, PodIdentityCredentialsProvider::create);
    var table = new StringBuilder();
    table.append("| fault | the AWS SDK's `ContainerCredentialsProvider` | ours |\n");
    table.append("| --- | --- | --- |\n");
    for (Fault fault : Fault.values()) {
      String theirs = measure(fault, ContainerCredentialsProvider::create);
      String ours = measure(fault, PodIdentityCredentialsProvider::create);
      String row = "| " + fault.title() + " | " + theirs + " | " + ours + " |\n";
      System.out.print(row);
      table.append(row);
    }
    if (arguments.length > 0) {
      insert(Path.of(arguments[0]), table.toString());
    }
    System.exit(0);
  }

  private static void insert(Path file, String table) throws IOException {
    String text = Files.readString(file);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    Files.writeString(file, text.substring(0, begin) + "\n" + table + text.substring(end));
  }

  private static String measure(Fault fault, Supplier<AwsCredentialsProvider> clients)
      throws Exception {
    try (var stage = new RealStage(fault == Fault.IPV6)) {
      fault.prepare(stage);
      set(SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI, stage.uri().toString());
      set(SdkSystemSetting.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, stage.tokenFile().toString());
      AwsCredentialsProvider client = clients.get();
      String outcome;
      try {
        AwsCredentials credentials = fault.act(stage, client);
        outcome = "credentials" + detail(fault, credentials);
      } catch (RuntimeException | OutOfMemoryError e) {
        outcome = describe(e);
      }
      String after = String.format(Locale.ROOT, " after %.2f s", stage.clientSeconds());
      stage.settle();
      int requests = stage.agent().requests().size();
      ((SdkAutoCloseable) client).close();
      return outcome
          + after
          + ", "
          + requests
          + (requests == 1 ? " request" : " requests")
          + tokens(fault, stage);
    }
  }

  private static String detail(Fault fault, AwsCredentials credentials) {
    return fault == Fault.ACCOUNT_ID
        ? ", account id " + credentials.accountId().orElse("lost")
        : "";
  }

  private static String tokens(Fault fault, Stage stage) {
    if (fault != Fault.TOKEN_ROTATED) {
      return "";
    }
    boolean rotated =
        stage.agent().requests().stream()
            .anyMatch(request -> request.header("authorization").equals("another-token"));
    return rotated ? ", the new token sent" : ", the new token not sent";
  }

  private static String describe(Throwable e) {
    var printed = new StringWriter();
    e.printStackTrace(new PrintWriter(printed));
    boolean leaks = printed.toString().contains("LocalSecret");
    String type =
        e instanceof PodIdentityException known
            ? "`" + known.reason() + "`"
            : "`" + e.getClass().getSimpleName() + "`";
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    boolean told = e instanceof PodIdentityException || root == e;
    String text =
        (told ? String.valueOf(e.getMessage()) : e.getMessage() + " < " + root.getMessage())
            .replaceAll("LocalSecret[^\"]*", "SECRET")
            .replaceAll("[|`]", "'")
            .replaceAll("\\s+", " ")
            .replaceAll("/[^ ]*token", "FILE");
    String shown =
        text.length() > LONGEST_TEXT ? text.substring(0, LONGEST_TEXT).strip() + "…" : text;
    return type + " “" + shown + "”" + (leaks ? " **(its trace shows a secret)**" : "");
  }

  private static void set(SdkSystemSetting setting, String value) {
    System.setProperty(setting.property(), value);
  }

  /** A stage on which time is what it is. */
  private static final class RealStage implements Stage, AutoCloseable {
    private static final Duration SETTLE = Duration.ofMillis(300);

    private final FakeAgent agent;
    private final URI uri;
    private final Path tokenFile =
        Files.writeString(Files.createTempFile("a", "token"), "the-token");
    private final long start = System.nanoTime();
    private long passed;

    RealStage(boolean ipv6) throws IOException {
      agent = ipv6 ? ipv6Agent() : FakeAgent.start((request, connection) -> {});
      uri = agent.uri();
    }

    // The agent's own address, where the machine has it: ip -6 addr add fd00:ec2::23/128 dev lo
    private static FakeAgent ipv6Agent() throws IOException {
      try {
        return FakeAgent.startOn(
            IpLiteral.parse("fd00:ec2::23").orElseThrow(), (request, connection) -> {});
      } catch (IOException e) {
        return FakeAgent.startOnIpv6((request, connection) -> {});
      }
    }

    @Override
    public FakeAgent agent() {
      return agent;
    }

    @Override
    public Path tokenFile() {
      return tokenFile;
    }

    @Override
    public URI uri() {
      return uri;
    }

    @Override
    public Instant now() {
      return Instant.now();
    }

    @Override
    public Duration elapsed() {
      return Duration.ofNanos(System.nanoTime() - start);
    }

    double clientSeconds() {
      return (System.nanoTime() - start - passed) / 1e9;
    }

    void settle() throws InterruptedException {
      takeTime(SETTLE);
    }

    @Override
    public void takeTime(Duration duration) throws InterruptedException {
      new CountDownLatch(1).await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void letPass(Duration duration) throws InterruptedException {
      takeTime(duration);
      passed += duration.toNanos();
    }

    @Override
    public void agentAwayFor(Duration duration) throws IOException {
      agent.stop();
      CompletableFuture.delayedExecutor(duration.toNanos(), TimeUnit.NANOSECONDS)
          .execute(
              () -> {
                try {
                  agent.restart();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }

    @Override
    public void close() throws IOException {
      agent.close();
      Files.deleteIfExists(tokenFile);
    }
  }
}
