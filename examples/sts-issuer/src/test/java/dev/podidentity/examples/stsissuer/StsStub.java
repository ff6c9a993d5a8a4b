package dev.podidentity.examples.stsissuer;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An STS on loopback: writes down what it is asked, and gives any role to anybody. */
public final class StsStub implements AutoCloseable {
  private static final Pattern ROLE =
      Pattern.compile("RoleArn=arn:aws:iam::([0-9]{12}):role/([^&]+)");
  private static final Pattern SESSION = Pattern.compile("RoleSessionName=([^&]+)");
  private static final Pattern KEY = Pattern.compile("Credential=([^/]+)/");

  private final HttpServer server;
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private volatile int status = 200;
  private volatile String error = "";

  private StsStub(HttpServer server) {
    this.server = server;
  }

  /** Starts one. */
  public static StsStub start() {
    try {
      var stub =
          new StsStub(
              HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
      stub.server.createContext("/", stub::answer);
      stub.server.start();
      return stub;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Where it is. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What it was asked, and by whose key. */
  public List<String> calls() {
    return calls;
  }

  /** Refuses everything from now on. */
  public void refuse(int status, String error) {
    this.status = status;
    this.error = error;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body =
        URLDecoder.decode(
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
            StandardCharsets.UTF_8);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    calls.add(body + " signed by " + group(KEY, authorization, 1));
    byte[] answer =
        (status == 200 ? credentials(body) : failure()).getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/xml");
    exchange.sendResponseHeaders(status, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  private static String credentials(String body) {
    String arn =
        "arn:aws:sts::%s:assumed-role/%s/%s"
            .formatted(group(ROLE, body, 1), group(ROLE, body, 2), group(SESSION, body, 1));
    return """
        <AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleResult>
            <AssumedRoleUser>
              <AssumedRoleId>AROA0LOCAL0:session</AssumedRoleId>
              <Arn>%s</Arn>
            </AssumedRoleUser>
            <Credentials>
              <AccessKeyId>ASIA0LOCAL0CHAIN0000</AccessKeyId>
              <SecretAccessKey>LocalSecret/chain</SecretAccessKey>
              <SessionToken>LocalSessionToken/chain</SessionToken>
              <Expiration>2030-01-01T00:00:00Z</Expiration>
            </Credentials>
          </AssumeRoleResult>
        </AssumeRoleResponse>
        """
        .formatted(arn);
  }

  private String failure() {
    return "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>no</Message></Error>"
            .formatted(error)
        + "<RequestId>request-1</RequestId></ErrorResponse>";
  }

  private static String group(Pattern pattern, String text, int group) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(group) : "";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
