package dev.podidentity.server;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.spi.HttpServerProvider;
import dev.podidentity.AgentListener;
import dev.podidentity.PodIdentityAgent;
import dev.podidentity.RequestLimits;
import dev.podidentity.association.RoleArn;
import dev.podidentity.audit.AuditLog;
import dev.podidentity.binding.BindingRules;
import dev.podidentity.credential.cache.CachingCredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.server.metrics.AgentMetrics;
import dev.podidentity.token.ServiceAccountRef;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.logging.LogManager;

/**
 * What is put under load: an agent with all that a node's has (cache, limits, metrics, audit
 * trail), and beside it, in the same process, a handler that writes one of the agent's answers and
 * does nothing else, on threads with nothing around them.
 */
final class LoadTarget {
  /** The file that {@link #main} is given has a token a line, for so many pods. */
  static final int PODS = 250;

  private static final ServiceAccountRef SERVICE_ACCOUNT = new ServiceAccountRef("default", "load");
  private static final int BACKLOG = 1024;

  /** Each request is counted, and none is refused. */
  private static final RequestLimits OUT_OF_REACH =
      new RequestLimits(10_000_000, 10_000_000, 10_000_000, 10_000_000);

  private LoadTarget() {}

  /** Takes a file for the tokens, prints the ports, and serves until its input ends. */
  public static void main(String[] args) throws Exception {
    // Another server's own log would be a part of what is measured.
    LogManager.getLogManager().reset();
    LocalCluster cluster = LocalCluster.builder().build();
    cluster
        .associations()
        .create(SERVICE_ACCOUNT, RoleArn.parse("arn:aws:iam::111122223333:role/load"));
    var tokens = new ArrayList<String>();
    for (int i = 0; i < PODS; i++) {
      tokens.add(cluster.projectedToken(cluster.startPod(SERVICE_ACCOUNT, "pod-" + i)));
    }
    Files.write(Path.of(args[0]), tokens);
    Clock clock = Clock.systemUTC();
    var metrics = AgentMetrics.register(new PrometheusRegistry(), clock);
    try (var cache =
            CachingCredentialSource.builder(cluster.credentials())
                .listener(metrics.cacheListener())
                .build();
        var audit = AuditLog.create();
        var server =
            PodIdentityServer.builder(
                    PodIdentityAgent.builder()
                        .bindingRules(BindingRules.parse(List.of("127.0.0.1")))
                        .source(cache)
                        .requestLimits(OUT_OF_REACH)
                        .listener(AgentListener.all(metrics.agentListener(), audit))
                        .build())
                .port(0)
                .listener(metrics.serverListener())
                .start()) {
      InetSocketAddress agent = server.addresses().get(0);
      HttpServer constant = constant(anAnswer(agent, tokens.get(0)));
      System.out.println("ports " + agent.getPort() + " " + constant.getAddress().getPort());
      while (System.in.read() >= 0) {
        // Served until nobody wants it any more.
      }
      constant.stop(0);
    }
  }

  private static byte[] anAnswer(InetSocketAddress agent, String token) throws IOException {
    return RawHttp.exchange(
            agent, "GET /v1/credentials HTTP/1.1", "Host: 127.0.0.1", "Authorization: " + token)
        .body()
        .getBytes(StandardCharsets.UTF_8);
  }

  private static HttpServer constant(byte[] body) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    HttpServer server = HttpServerProvider.provider().createHttpServer(address, BACKLOG);
    server.setExecutor(threads());
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.getResponseHeaders().set("Cache-Control", "no-store");
          exchange.sendResponseHeaders(200, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
    return server;
  }

  private static Executor threads() {
    try {
      return (Executor) Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      return Executors.newCachedThreadPool();
    }
  }
}
