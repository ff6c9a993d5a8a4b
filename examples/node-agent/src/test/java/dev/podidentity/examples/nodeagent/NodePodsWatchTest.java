package dev.podidentity.examples.nodeagent;

import static dev.podidentity.examples.nodeagent.NodePodsTest.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.kubernetes.ApiServer;
import dev.podidentity.kubernetes.FakeApiServer;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.token.PodRef;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A watch that an API server does not go on with. Asked for a pod by name it knows none: that one
 * is present, only the list can have said.
 */
@Tag("every-jdk")
class NodePodsWatchTest {
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String EXPIRED =
      """
      {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",\
      "message":"too old resource version","reason":"Expired","code":410}\
      """;

  @TempDir private Path folder = Path.of("");

  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch cut = new CountDownLatch(1);
  private volatile String listed = "";
  private volatile boolean away;
  private final AtomicInteger byName = new AtomicInteger();
  private FakeApiServer api;

  @BeforeEach
  void start() throws Exception {
    api = FakeApiServer.start(LocalCluster.builder().build(), folder);
  }

  @AfterEach
  void stop() throws IOException {
    ended.countDown();
    api.close();
  }

  private NodePods watch() {
    api.serve(
        "GET /api/v1/pods?",
        out ->
            answer(
                out,
                200,
                """
                {"apiVersion":"v1","kind":"PodList","metadata":{"resourceVersion":"7"},\
                "items":[%s]}\
                """
                    .formatted(listed)));
    api.serve(
        "GET /api/v1/namespaces/",
        out -> {
          byName.incrementAndGet();
          answer(out, 404, "");
        });
    return NodePods.watch(
        ApiServer.find(api.environment(), folder).orElseThrow(), "node-1", Clock.systemUTC());
  }

  private void answer(OutputStream out, int status, String body) throws IOException {
    if (away) {
      throw new IOException("nobody is there");
    }
    FakeApiServer.answer(out, status, JSON, body);
  }

  private static String pod(String name) {
    return """
    {"apiVersion":"v1","kind":"Pod","metadata":{"namespace":"shop","name":"%s","uid":"%s",\
    "resourceVersion":"8"},"spec":{"nodeName":"node-1"},"status":{"phase":"Running"}}\
    """
        .formatted(name, "uid-of-" + name);
  }

  private static boolean shows(NodePods pods, String pod) {
    return pods.mayBePresent("shop", new PodRef(pod, "uid-of-" + pod));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 410 Gone\r\n" + JSON + "Connection: close\r\n\r\n" + EXPIRED,
        "HTTP/1.1 200 OK\r\n" + JSON + "\r\n{\"type\":\"ERROR\",\"object\":" + EXPIRED + "}\n"
      })
  void listsAgainWhereTheWatchIsTooOld(String answer) {
    api.serve("watch=true", out -> out.write(answer.getBytes(StandardCharsets.US_ASCII)));
    listed = pod("first");
    try (NodePods pods = watch()) {
      await(pods::isKnown);
      assertThat(shows(pods, "first")).isTrue();
      listed = pod("second");

      await(() -> shows(pods, "second"));
      await(() -> !shows(pods, "first"));
    }
  }

  @Test
  void goesOnWatchingWhenTheApiServerIsBack() {
    // The client asks for a WebSocket first, and waits for the end of an answer that is not one.
    api.serve("Upgrade: websocket", out -> FakeApiServer.answer(out, 200, JSON, ""));
    api.serve("watch=true", this::holdTheWatch);
    listed = pod("first");
    try (NodePods pods = watch()) {
      await(pods::isKnown);
      away = true;
      cut.countDown();
      assertThat(shows(pods, "unknown")).isTrue();
      // A renewal waits for it. The JDK's client may ask again; that of Kubernetes would, ten
      // times.
      assertThat(byName).hasValueLessThan(5);
      away = false;

      await(() -> shows(pods, "second"));
      await(() -> !shows(pods, "first"));
    }
  }

  private void holdTheWatch(OutputStream out) throws IOException {
    if (away) {
      throw new IOException("nobody is there");
    }
    boolean back = cut.getCount() == 0;
    String missed = back ? event("DELETED", "first") + event("ADDED", "second") : "";
    out.write(("HTTP/1.1 200 OK\r\n" + JSON + "\r\n" + missed).getBytes(StandardCharsets.US_ASCII));
    out.flush();
    try {
      assertThat((back ? ended : cut).await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String event(String type, String pod) {
    return "{\"type\":\"" + type + "\",\"object\":" + pod(pod) + "}\n";
  }
}
