import com.sun.net.httpserver.HttpServer;
import dev.podidentity.awssdk.PodIdentityCredentialsProvider;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Makes the credentials provider and asks it once. Prints "answers", or "refuses: " and the sentence
 * with which it refused to be made. Any other end is a fault.
 */
class Create {
  public static void main(String[] args) throws Exception {
    PodIdentityCredentialsProvider.Builder builder;
    try {
      PodIdentityCredentialsProvider.create();
      builder = PodIdentityCredentialsProvider.builder();
    } catch (IllegalStateException e) {
      System.out.println("refuses: " + e.getMessage());
      return;
    }
    HttpServer agent =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    agent.createContext(
        "/",
        exchange -> {
          byte[] body =
              """
              {"AccessKeyId": "ASIA0LOCAL0000000001", "SecretAccessKey": "LocalSecret",
               "Token": "LocalSessionToken", "Expiration": "2099-01-01T00:00:00Z"}"""
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    agent.start();
    Path token = Files.writeString(Path.of(args[0], "token"), "the-token");
    try (var provider =
        builder
            .endpoint(URI.create("http://127.0.0.1:" + agent.getAddress().getPort() + "/v1/credentials"))
            .tokenFile(token)
            .build()) {
      String key = provider.resolveCredentials().accessKeyId();
      System.out.println(key.equals("ASIA0LOCAL0000000001") ? "answers" : "another key: " + key);
    } finally {
      agent.stop(0);
    }
  }
}
