package dev.podidentity.examples.nodeagent;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody reads who asks something else than a local EKS. */
class LocalEksClientTest {
  private static final String BODY =
      "{\"spec\":{\"boundObjectRef\":{\"kind\":\"Pod\",\"name\":\"one\"}}}";

  @Test
  void saysThatNobodyListens() throws Exception {
    String url = "http://127.0.0.1:" + NodeAgentJar.freePort();

    assertThat(failureOf(1, url))
        .isEqualTo(
            "token: There is no local EKS at "
                + url
                + ": nobody listens there; start 'local', and give --endpoint the URL that it"
                + " prints");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hello | the answer is no HTTP",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello | the answer is no JSON",
        "HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\n{} | The answer has no token",
        "HTTP/1.1 404 No\\r\\nContent-Length: 2\\r\\n\\r\\n{} | The local EKS answered 404"
      })
  void saysWhatIsWrongWithTheAnswer(String answer, String message) throws Exception {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var thread = new Thread(() -> answerOnce(server, answer.replace("\\r\\n", "\r\n")));
      thread.start();
      String failure = failureOf(1, "http://127.0.0.1:" + server.getLocalPort());
      thread.join();

      assertThat(failure).contains(message).startsWith("token: ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "127.0.0.1:80", "ftp://127.0.0.1", "http://", "http://127.0.0.1:8x"})
  void refusesWhatIsNoUrl(String endpoint) {
    assertThat(failureOf(2, endpoint))
        .isEqualTo(
            "token: '" + endpoint + "' is no URL: --endpoint takes the one that 'local' prints");
  }

  private static void answerOnce(ServerSocket server, String answer) {
    try (Socket client = server.accept()) {
      // What is not read makes the kernel reset the connection.
      var in = new BufferedReader(new InputStreamReader(client.getInputStream(), US_ASCII));
      for (String line = in.readLine(); !line.isEmpty(); ) {
        line = in.readLine();
      }
      assertThat(in.read(new char[BODY.length()])).isEqualTo(BODY.length());
      client.getOutputStream().write(answer.getBytes(US_ASCII));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The one line that {@code token} prints. */
  private static String failureOf(int exitCode, String endpoint) {
    var err = new StringWriter();
    var commandLine = NodeAgent.commandLine(Map.of()).setErr(new PrintWriter(err));
    String flags = "token --namespace shop --service-account checkout --pod one --endpoint";
    String[] arguments = (flags + " x").split(" ");
    arguments[arguments.length - 1] = endpoint;
    assertThat(commandLine.execute(arguments)).isEqualTo(exitCode);
    assertThat(err.toString().lines()).hasSize(1);
    return err.toString().strip();
  }
}
