package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.client.Answers;
import dev.podidentity.client.Environment;
import dev.podidentity.client.FakeAgent;
import dev.podidentity.client.ScriptedTransport;
import dev.podidentity.pod.PodFailureReason;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;

@Tag("every-jdk")
class StrictChainTest {
  private static final Environment POD =
      Environment.of(Map.of(Environment.FULL_URI, "http://169.254.170.23/v1/credentials"));

  private final SimulatedTime time = new SimulatedTime();
  private final ScriptedTransport agent =
      new ScriptedTransport(
          token -> ScriptedTransport.ok(time.clock.instant().plus(Duration.ofHours(6))));

  // A node's role, for whoever falls through to it.
  private final FakeAgent instanceMetadata;

  StrictChainTest() throws IOException {
    instanceMetadata = FakeAgent.start(FakeAgent.json(404, ""));
  }

  @BeforeEach
  void hideTheCredentialsOfThisMachine() {
    System.setProperty(
        SdkSystemSetting.AWS_EC2_METADATA_SERVICE_ENDPOINT.property(),
        "http://127.0.0.1:" + instanceMetadata.port());
    System.setProperty("aws.sharedCredentialsFile", "/none");
    System.setProperty("aws.configFile", "/none");
  }

  @AfterEach
  void restore() throws IOException {
    System.clearProperty(SdkSystemSetting.AWS_EC2_METADATA_SERVICE_ENDPOINT.property());
    System.clearProperty("aws.sharedCredentialsFile");
    System.clearProperty("aws.configFile");
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    instanceMetadata.close();
  }

  private AwsCredentialsProvider chain() {
    return StrictChain.in(
        POD,
        () ->
            PodIdentityCredentialsProvider.builder()
                .environment(Map.of(Environment.FULL_URI, "http://169.254.170.23/v1/credentials"))
                .clock(time.clock)
                .ticker(time)
                .executor(Runnable::run)
                .transport(agent)
                .build());
  }

  @Test
  void asksPodIdentityInAPod() {
    AwsCredentialsProvider chain = chain();

    assertThat(chain.resolveCredentials().accountId()).contains(Answers.ACCOUNT);
    assertThat(chain.resolveIdentity(request -> {}).join().accountId()).contains(Answers.ACCOUNT);
    assertThat(agent.requests()).isEqualTo(1);
  }

  @Test
  void neverFallsThroughToTheNode() {
    agent.script(token -> ScriptedTransport.answer(404, ""));
    AwsCredentialsProvider chain = chain();

    PodIdentityException failure =
        catchThrowableOfType(PodIdentityException.class, chain::resolveCredentials);
    assertThat(failure.reason()).isEqualTo(PodFailureReason.NO_ASSOCIATION);
    assertThat(
            catchThrowableOfType(
                CompletionException.class, () -> chain.resolveIdentity(request -> {}).join()))
        .hasCauseInstanceOf(PodIdentityException.class);
    assertThat(instanceMetadata.requests()).isEmpty();
  }

  @Test
  void takesWhatGoesBeforeContainersFirst() {
    System.setProperty("aws.accessKeyId", "AKIA0LOCAL0NODE00000");
    System.setProperty("aws.secretAccessKey", "local");

    assertThat(chain().resolveCredentials().accessKeyId()).isEqualTo("AKIA0LOCAL0NODE00000");
    assertThat(agent.requests()).isZero();
  }

  @Test
  void isTheDefaultChainOutsideOfPods() {
    AwsCredentialsProvider chain =
        StrictChain.in(Environment.of(Map.of()), PodIdentityCredentialsProvider::create);

    assertThat(chain).isInstanceOf(DefaultCredentialsProvider.class);
  }

  @Test
  void isInAPodWhereOnlyTheTokenFileIsSet() {
    assertThat(Environment.of(Map.of(Environment.TOKEN_FILE, "/var/run/token")).isPod()).isTrue();
    assertThat(Environment.of(Map.of(Environment.RELATIVE_URI, "/ecs")).isPod()).isFalse();
  }
}
