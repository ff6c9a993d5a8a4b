package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.audit.AuditLog;
import dev.podidentity.awssdk.eksauth.EksAuthClients;
import dev.podidentity.awssdk.eksauth.EksAuthCredentialSource;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialRequest;
import dev.podidentity.credential.FailureReason;
import dev.podidentity.credential.cache.CacheSettings;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.doctor.Doctor;
import dev.podidentity.doctor.Finding;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.server.operations.SourceReadiness;
import dev.podidentity.tls.TlsKeys;
import dev.podidentity.token.ServiceAccountRef;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Each cause for which EKS Auth cannot be reached: the pod, the audit line, {@code /readyz} and
 * {@code doctor} tell it in the same words, which the page has as a row.
 */
@Tag("every-jdk")
class UnreachableEksAuthTest {
  private static final Path PAGE = Path.of("../docs/troubleshooting.md");
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final LocalCluster cluster = LocalCluster.builder().build();
  private final List<Closeable> opened = new ArrayList<>();
  private final Map<String, String> variables = new HashMap<>();
  private Duration budget = LONG;
  @TempDir private Path folder = Path.of("");

  @AfterEach
  void close() throws IOException {
    System.clearProperty("https.proxyHost");
    System.clearProperty("https.proxyPort");
    for (Closeable open : opened) {
      open.close();
    }
  }

  /** A server that reads something on each connection, and answers so. */
  private int serve(ServerSocketFactory sockets, String answer) throws IOException {
    ServerSocket socket = sockets.createServerSocket(0, 10, LOOPBACK);
    opened.add(socket);
    var thread =
        new Thread(
            () -> {
              while (!socket.isClosed()) {
                try (Socket connection = socket.accept()) {
                  if (connection.getInputStream().read(new byte[4096]) > 0) {
                    connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
                  }
                } catch (IOException e) {
                  // The client has seen enough.
                }
              }
            },
            "answers-" + answer.length());
    thread.setDaemon(true);
    thread.start();
    return socket.getLocalPort();
  }

  private int serve(String answer) throws IOException {
    return serve(ServerSocketFactory.getDefault(), answer);
  }

  private static URI http(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  private static URI https(int port) {
    return URI.create("https://127.0.0.1:" + port);
  }

  private void assertTold(URI endpoint, FailureReason reason, String text) throws IOException {
    assertTold(endpoint, reason, text, text);
  }

  /**
   * What everybody reads.
   *
   * @param row what stands for it on the page, where others than the text's names stand there
   */
  private void assertTold(URI endpoint, FailureReason reason, String text, String row)
      throws IOException {
    var readiness = SourceReadiness.of(Ticker.system(), Duration.ZERO);
    String token =
        cluster.projectedToken(cluster.startPod(new ServiceAccountRef("shop", "cart"), "cart-1"));
    var clients =
        EksAuthClients.forNode()
            .endpoint(endpoint)
            .region("us-west-2")
            .callBudget(budget)
            .credentials(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create("AKIA0LOCAL0NODE00000", "of-a-test")));
    if (variables.containsKey("AWS_CA_BUNDLE")) {
      clients.caBundle(Path.of(variables.get("AWS_CA_BUNDLE")));
    }
    try (var log = new CapturedLog();
        var client = clients.build();
        var cache =
            CachingCredentialSource.builder(EksAuthCredentialSource.of(client, "my-cluster"))
                .settings(
                    CacheSettings.builder()
                        .maxHeldRequests(0)
                        .waiterDeadline(Duration.ofMinutes(1))
                        .build())
                .listener(readiness)
                .build()) {
      var agent =
          PodIdentityAgent.builder()
              .bindingRules(BindingRules.parse(List.of("127.0.0.1")))
              .source(cache)
              .listener(AuditLog.create())
              .build();
      CredentialException pod =
          catchThrowableOfType(
              CredentialException.class,
              () -> agent.credentials(new CredentialRequest("127.0.0.1", token, LOOPBACK)));

      assertThat(pod.reason()).describedAs(pod.getMessage()).isEqualTo(reason);
      assertThat(pod).hasMessageContaining("asked for service account shop/cart");
      assertThat(pod).hasMessageContaining("since ").hasMessageContaining(text);
      assertThat(log.lines())
          .anySatisfy(line -> assertThat(line).contains(AuditLog.LOGGER, "cause=", text));
      // Listeners are told on another thread.
      awaitUntold(readiness, reason);
      assertThat(readiness.check().reason())
          .contains(reason.code() + ", since ")
          .contains(text)
          .doesNotContain("shop/cart");
    }
    assertThat(doctor(endpoint)).contains("cannot be reached, since ").contains(text);
    assertThat(Files.readString(PAGE)).contains(row);
  }

  private static void awaitUntold(SourceReadiness readiness, FailureReason reason) {
    while (!readiness.check().reason().contains(reason.code())) {
      Thread.onSpinWait();
    }
  }

  private String doctor(URI endpoint) {
    return Doctor.builder()
        .environment(variables)
        .node(BindingRules.parse(List.of("127.0.0.1")), 1, 1)
        .timeout(budget)
        .eksAuth(endpoint)
        .build()
        .examine()
        .findings()
        .stream()
        .filter(finding -> finding.code() == Finding.Code.EKS_AUTH_UNREACHABLE)
        .findFirst()
        .orElseThrow()
        .what();
  }

  @Test
  void hasANameThatDnsDoesNotKnow() throws IOException {
    assertTold(
        URI.create("http://eks-auth.invalid"),
        FailureReason.UNREACHABLE,
        "its name is not known to the node's DNS");
  }

  @Test
  void refusesTheConnection() throws IOException {
    int port = serve("");
    opened.remove(0).close();

    assertTold(
        http(port), FailureReason.UNREACHABLE, "the connection was refused: nothing listens there");
  }

  @Test
  void endsTheConnection() throws IOException {
    assertTold(
        http(serve("")),
        FailureReason.UNREACHABLE,
        "the connection was ended by the other side, or by something on the way");
  }

  @Test
  void isWhereNoRouteLeads() throws IOException {
    // No TCP connection to a group of hosts is possible, whatever routes a machine has.
    assertTold(
        URI.create("http://224.0.0.1"), FailureReason.UNREACHABLE, "the node has no route to it");
  }

  @Test
  void doesNotLetConnectInTime() throws IOException {
    budget = Duration.ofSeconds(3);
    var full = new ServerSocket(0, 1, LOOPBACK);
    opened.add(full);
    // Nothing is accepted: once the backlog is full, the kernel drops what comes.
    for (int i = 0; i < 8; i++) {
      var channel = SocketChannel.open();
      opened.add(channel);
      channel.configureBlocking(false);
      channel.connect(new InetSocketAddress(LOOPBACK, full.getLocalPort()));
    }

    assertTold(
        http(full.getLocalPort()),
        FailureReason.TIMED_OUT,
        "connecting timed out: a firewall, security group or route drops the packets");
  }

  @Test
  void answersNothingInTime() throws IOException {
    budget = Duration.ofMillis(500);
    // Connected by the kernel, and never read.
    var silent = new ServerSocket(0, 10, LOOPBACK);
    opened.add(silent);

    assertTold(
        http(silent.getLocalPort()), FailureReason.TIMED_OUT, "no whole answer came in time");
  }

  @Test
  void isBehindAProxyThatDoesNotLetThrough() throws IOException {
    int proxy = serve("HTTP/1.1 407 Who are you?\r\n\r\n");
    System.setProperty("https.proxyHost", "127.0.0.1");
    System.setProperty("https.proxyPort", "" + proxy);

    assertTold(
        URI.create("https://eks-auth.invalid"),
        FailureReason.UNREACHABLE,
        "does not connect to eks-auth.invalid:443: it answered 407",
        "does not connect to …: it answered 407");
  }

  @Test
  void hasACertificateOfAnUnknownAuthority() throws Exception {
    int port = serve(TlsKeys.of("a-private-authority", "ip:127.0.0.1").sockets(), "");

    assertTold(
        https(port),
        FailureReason.UNREACHABLE,
        "its certificate, issued by 'CN=a-private-authority', is not trusted by this process",
        "its certificate, issued by '…', is not trusted by this process");
  }

  @Test
  void hasACertificateOfAnotherHost() throws Exception {
    TlsKeys keys = TlsKeys.of("somebody-else", "dns:somebody-else.invalid");
    Path bundle = Files.writeString(folder.resolve("ca.pem"), keys.certificate());
    variables.put("AWS_CA_BUNDLE", bundle.toString());

    assertTold(
        https(serve(keys.sockets(), "")),
        FailureReason.UNREACHABLE,
        "its certificate is for another host (CN=somebody-else)",
        "its certificate is for another host (…)");
  }

  @Test
  void doesNotSpeakTls() throws IOException {
    assertTold(
        https(serve("HTTP/1.1 400 Bad Request\r\n\r\n")),
        FailureReason.UNREACHABLE,
        "TLS failed (",
        "TLS failed (…)");
  }
}
