package dev.podidentity.examples.podapplication;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of STS as the application calls: it knows whom it, or the agent, gave which key. */
final class LocalSts implements AutoCloseable {
  private static final Pattern KEY_ID = Pattern.compile("Credential=([A-Z0-9]+)/");
  private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

  private final Map<String, String> arnsByKeyId = new ConcurrentHashMap<>();
  private final AtomicInteger issued = new AtomicInteger();
  private final HttpServer server;

  private LocalSts(HttpServer server) {
    this.server = server;
  }

  static LocalSts start() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    var sts = new LocalSts(server);
    server.createContext("/", sts::answer);
    server.start();
    return sts;
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void issued(String accessKeyId, String arn) {
    arnsByKeyId.put(accessKeyId, arn);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.US_ASCII);
      String caller = caller(exchange);
      String answer =
          parameter(body, "Action").equals("AssumeRole")
              ? assumeRole(parameter(body, "RoleArn"), parameter(body, "RoleSessionName"))
              : callerIdentity(caller);
      byte[] xml = answer.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/xml");
      exchange.sendResponseHeaders(caller.isEmpty() ? 403 : 200, xml.length);
      exchange.getResponseBody().write(xml);
    }
  }

  private String caller(HttpExchange exchange) {
    Matcher signature =
        KEY_ID.matcher(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    return signature.find() ? arnsByKeyId.getOrDefault(signature.group(1), "") : "";
  }

  private static String parameter(String body, String name) {
    Matcher parameter = Pattern.compile("(^|&)" + name + "=([^&]*)").matcher(body);
    return parameter.find() ? URLDecoder.decode(parameter.group(2), StandardCharsets.UTF_8) : "";
  }

  private static String callerIdentity(String arn) {
    return """
        <GetCallerIdentityResponse xmlns="%s"><GetCallerIdentityResult>\
        <Arn>%s</Arn><UserId>AROA0LOCAL</UserId><Account>111122223333</Account>\
        </GetCallerIdentityResult></GetCallerIdentityResponse>"""
        .formatted(NAMESPACE, arn);
  }

  private String assumeRole(String roleArn, String sessionName) {
    String keyId = "ASIA0LOCAL0STS%06d".formatted(issued.incrementAndGet());
    String session =
        roleArn.replace(":iam:", ":sts:").replace(":role/", ":assumed-role/") + "/" + sessionName;
    issued(keyId, session);
    return """
        <AssumeRoleResponse xmlns="%s"><AssumeRoleResult>\
        <AssumedRoleUser><Arn>%s</Arn><AssumedRoleId>AROA0LOCAL:x</AssumedRoleId></AssumedRoleUser>\
        <Credentials><AccessKeyId>%s</AccessKeyId><SecretAccessKey>LocalSecret</SecretAccessKey>\
        <SessionToken>LocalSessionToken</SessionToken><Expiration>%s</Expiration></Credentials>\
        </AssumeRoleResult></AssumeRoleResponse>"""
        .formatted(NAMESPACE, session, keyId, Instant.now().plusSeconds(3600));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
