package dev.podidentity.awssdk;

import dev.podidentity.client.Answers;
import dev.podidentity.client.FakeAgent;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/** What goes wrong around a client, and what is asked of the client then. */
enum Fault {
  AGENT_ABSENT("agent absent for 3 s at start") {
    @Override
    void prepare(Stage stage) throws IOException {
      stage.agent().behave(good(stage));
      stage.agentAwayFor(Duration.ofSeconds(3));
    }
  },
  AGENT_RESTARTING("agent drops the first request and restarts, which takes 1 s") {
    @Override
    void prepare(Stage stage) {
      stage
          .agent()
          .behave(
              (request, connection) -> {
                stage.agent().behave(good(stage));
                stage.agentAwayFor(Duration.ofSeconds(1));
              });
    }
  },
  THROTTLED_ONCE("429 with Retry-After: 1, then 200") {
    @Override
    void prepare(Stage stage) {
      once(stage, FakeAgent.json(429, "", "Retry-After: 1"));
    }
  },
  FAILING("500 for 2 s") {
    @Override
    void prepare(Stage stage) {
      stage
          .agent()
          .behave(
              (request, connection) -> {
                boolean failing = stage.elapsed().compareTo(Duration.ofSeconds(2)) < 0;
                (failing ? FakeAgent.json(500, "") : good(stage)).answer(request, connection);
              });
    }
  },
  SLOW("answer after 1.5 s") {
    @Override
    void prepare(Stage stage) {
      stage
          .agent()
          .behave(
              (request, connection) -> {
                stage.takeTime(Duration.ofMillis(1_500));
                good(stage).answer(request, connection);
              });
    }
  },
  HANGING("agent accepts and never answers") {
    @Override
    void prepare(Stage stage) {
      stage.agent().behave((request, connection) -> new CountDownLatch(1).await());
    }
  },
  RESET("connection reset in the middle of the first answer") {
    @Override
    void prepare(Stage stage) {
      once(
          stage,
          (request, connection) -> {
            FakeAgent.write(connection, half(stage, /* wholeLength= */ true));
            // An abortive close: the client gets a reset in place of an end.
            connection.setSoLinger(true, 0);
          });
    }
  },
  TRUNCATED_JSON("truncated JSON, then whole") {
    @Override
    void prepare(Stage stage) {
      once(
          stage,
          (request, connection) ->
              FakeAgent.write(connection, half(stage, /* wholeLength= */ false)));
    }
  },
  HUGE("body of 1 GiB") {
    @Override
    void prepare(Stage stage) {
      stage.agent().behave((request, connection) -> writeHuge(connection));
    }
  },
  TOKEN_ROTATED("token rotated between two fetches") {
    @Override
    void prepare(Stage stage) {
      stage.agent().behave(good(stage, Duration.ofSeconds(4)));
    }

    @Override
    AwsCredentials act(Stage stage, AwsCredentialsProvider client)
        throws IOException, InterruptedException {
      client.resolveCredentials();
      Files.writeString(stage.tokenFile(), "another-token");
      stage.letPass(Duration.ofMillis(3_950));
      return client.resolveCredentials();
    }
  },
  TOKEN_WITH_NEWLINE("token file that ends with a newline") {
    @Override
    void prepare(Stage stage) throws IOException {
      stage.agent().behave(good(stage));
      Files.writeString(stage.tokenFile(), "the-token\n");
    }
  },
  TOKEN_MISSING("token file missing") {
    @Override
    void prepare(Stage stage) throws IOException {
      Files.delete(stage.tokenFile());
    }
  },
  VALID_IN_OUTAGE("outage; the credentials that are held have 1.5 s left") {
    @Override
    void prepare(Stage stage) {
      stage.agent().behave(good(stage, Duration.ofSeconds(3)));
    }

    @Override
    AwsCredentials act(Stage stage, AwsCredentialsProvider client)
        throws IOException, InterruptedException {
      client.resolveCredentials();
      stage.agent().stop();
      stage.letPass(Duration.ofMillis(1_500));
      return client.resolveCredentials();
    }
  },
  EXPIRED_IN_OUTAGE("outage; the credentials that are held expire during it") {
    @Override
    void prepare(Stage stage) {
      stage.agent().behave(good(stage, Duration.ofMillis(1_500)));
    }

    @Override
    AwsCredentials act(Stage stage, AwsCredentialsProvider client)
        throws IOException, InterruptedException {
      client.resolveCredentials();
      stage.agent().stop();
      stage.letPass(Duration.ofMillis(1_600));
      return client.resolveCredentials();
    }
  },
  IPV6("agent at an IPv6 address"),
  ACCOUNT_ID("account id in the answer"),
  ERROR_AS_JSON("404 with a JSON error") {
    @Override
    void prepare(Stage stage) {
      stage
          .agent()
          .behave(
              FakeAgent.json(
                  404,
                  "{\"Code\": \"ResourceNotFoundException\", \"Message\": \"No association for"
                      + " default/my-service-account\"}"));
    }
  },
  ERROR_AS_TEXT("400 with a text error, as of the reference agent") {
    @Override
    void prepare(Stage stage) {
      stage
          .agent()
          .behave(
              FakeAgent.json(400, "unable to fetch credentials: AccessDeniedException: no trust"));
    }
  };

  private static final Duration LIFETIME = Duration.ofHours(6);
  private static final int BLOCK = 1024 * 1024;
  private static final int BLOCKS = 1024;

  private final String title;

  Fault(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  void prepare(Stage stage) throws IOException {
    stage.agent().behave(good(stage));
  }

  AwsCredentials act(Stage stage, AwsCredentialsProvider client)
      throws IOException, InterruptedException {
    return client.resolveCredentials();
  }

  static FakeAgent.Behaviour good(Stage stage) {
    return good(stage, LIFETIME);
  }

  static FakeAgent.Behaviour good(Stage stage, Duration lifetime) {
    return (request, connection) ->
        FakeAgent.json(200, Answers.credentials(stage.now().plus(lifetime)))
            .answer(request, connection);
  }

  static void once(Stage stage, FakeAgent.Behaviour first) {
    stage
        .agent()
        .behave(
            (request, connection) -> {
              stage.agent().behave(good(stage));
              first.answer(request, connection);
            });
  }

  static String half(Stage stage, boolean wholeLength) {
    Instant expiration = stage.now().plus(LIFETIME);
    String body = Answers.credentials(expiration);
    String half = body.substring(0, body.length() - 30);
    String whole = FakeAgent.response(200, body);
    return wholeLength ? whole.substring(0, whole.length() - 30) : FakeAgent.response(200, half);
  }

  static void writeHuge(Socket connection) throws IOException {
    FakeAgent.write(
        connection, "HTTP/1.1 200 OK\r\nContent-Length: " + (long) BLOCK * BLOCKS + "\r\n\r\n{");
    String block = " ".repeat(BLOCK);
    for (int i = 0; i < BLOCKS; i++) {
      FakeAgent.write(connection, block);
    }
  }
}
