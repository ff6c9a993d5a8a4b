package dev.podidentity.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.credential.CredentialException;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.CredentialSourceChain;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.imds.InstanceMetadataCredentialSource;
import dev.podidentity.local.LocalCluster;
import dev.podidentity.schedule.Ticker;
import dev.podidentity.token.ServiceAccountRef;
import dev.podidentity.token.ServiceAccountToken;
import dev.podidentity.token.TokenVerifier;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * An instance metadata service that cannot be trusted, or somebody in its place: whatever it
 * answers to whichever request, a pod's credentials come from the next source, in time.
 */
@Tag("every-jdk")
class HostileMetadataTest {
  /** Far above the second of a request: the machine may be busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int AT_ONCE = 16;

  /** The requests that are answered wrongly, by a part of their first line. */
  private enum Stage {
    SESSION("PUT /latest/api/token "),
    LISTING("GET /latest/meta-data/ "),
    MAP("/info "),
    CREDENTIALS("/security-credentials/");

    private final String part;

    Stage(String part) {
      this.part = part;
    }
  }

  private record Attack(Stage stage, HostileAnswer answer) {
    static List<Attack> all() {
      var all = new ArrayList<Attack>();
      for (Stage stage : Stage.values()) {
        for (HostileAnswer answer : HostileAnswer.values()) {
          all.add(new Attack(stage, answer));
        }
      }
      return all;
    }
  }

  @Test
  void leavesPodsToTheNextSourceWhateverTheServiceAnswers() throws Exception {
    String output =
        ChildJvm.run(SmallNode.class, List.of("-Xmx64m", "-XX:+ExitOnOutOfMemoryError"), Map.of());

    assertThat(output).contains("survived=" + Attack.all().size());
  }

  /** Asks a service for each attack on a heap that has no room for a long answer. */
  static final class SmallNode {
    private static final LocalCluster CLUSTER = LocalCluster.builder().build();
    private static final ServiceAccountToken TOKEN =
        ServiceAccountToken.parse(
            CLUSTER.projectedToken(
                CLUSTER.startPod(new ServiceAccountRef("default", "my-app"), "my-pod")));

    public static void main(String[] args) throws Exception {
      List<Duration> took = AtATime.all(AT_ONCE, Attack.all(), SmallNode::survive);
      System.out.println("survived=" + took.size());
      System.out.println("slowest " + took.stream().max(Duration::compareTo).orElseThrow());
    }

    private static Duration survive(Attack attack) throws Exception {
      try (var upstream = new HostileUpstream()) {
        upstream.answers(
            wire -> {
              if (wire.request().contains(attack.stage().part)) {
                attack.answer().script().answer(wire);
              } else {
                answerWell(wire);
              }
            });
        long start = System.nanoTime();
        check(attack, source(upstream));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(took).describedAs("%s", attack).isLessThan(PATIENCE);
        return took;
      }
    }

    private static InstanceMetadataCredentialSource source(HostileUpstream upstream) {
      var verifier =
          TokenVerifier.jwks(
              CLUSTER.issuer(), CLUSTER::jwks, Clock.systemUTC(), Duration.ofMinutes(1));
      var source =
          InstanceMetadataCredentialSource.of(verifier, upstream.endpoint(), Ticker.system());
      source.refresh();
      return source;
    }

    private static void check(Attack attack, InstanceMetadataCredentialSource metadata) {
      CredentialSource next = token -> credentials("next");
      var chain =
          CredentialSourceChain.builder()
              .source("instance metadata", metadata, metadata::offers)
              .source("next", next)
              .allowExpiring(true)
              .build();
      if (attack.stage() == Stage.SESSION) {
        // Any word may be a session token; this service takes each of them.
        assertThat(chain.fetch(TOKEN).accessKeyId()).isIn("next", "metadata");
        return;
      }
      if (attack.stage() == Stage.CREDENTIALS) {
        knowThePod(metadata);
      }
      assertThat(chain.fetch(TOKEN).accessKeyId()).describedAs("%s", attack).isEqualTo("next");
      assertThat(metadata.offers(TOKEN)).isEqualTo(attack.stage() == Stage.CREDENTIALS);
      var failure = catchThrowableOfType(CredentialException.class, () -> metadata.fetch(TOKEN));
      assertThat(failure)
          .describedAs("%s", attack)
          .hasMessageNotContaining("LocalSecret/")
          .hasMessageContaining("default/my-app");
    }

    // On a busy machine a good answer too may come too late.
    private static void knowThePod(InstanceMetadataCredentialSource metadata) {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (!metadata.offers(TOKEN) && System.nanoTime() < end) {
        metadata.refresh();
      }
    }

    private static TemporaryCredentials credentials(String keyId) {
      return TemporaryCredentials.builder()
          .accessKeyId(keyId)
          .secretAccessKey("LocalSecret/next")
          .sessionToken("LocalSessionToken/next")
          .accountId("111122223333")
          .expiration(Instant.now().plus(Duration.ofHours(6)))
          .build();
    }

    private static void answerWell(HostileUpstream.Wire wire) throws IOException {
      if (wire.request().contains(Stage.SESSION.part)) {
        wire.json(200, "session");
      } else if (wire.request().contains(Stage.LISTING.part)) {
        wire.json(200, "iam-eks-0/");
      } else if (wire.request().contains(Stage.MAP.part)) {
        wire.json(200, "{\"" + TOKEN.pod().orElseThrow().uid() + "\":\"Success\"}");
      } else {
        wire.json(200, good());
      }
    }

    private static String good() {
      return """
      {"AccessKeyId":"metadata","SecretAccessKey":"LocalSecret/metadata","Token":"t",\
      "AccountId":"111122223333","Expiration":"%s"}\
      """
          .formatted(Instant.now().plus(Duration.ofHours(6)));
    }
  }
}
