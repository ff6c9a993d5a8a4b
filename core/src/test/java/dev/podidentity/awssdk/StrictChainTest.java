package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.podidentity.client.Answers;
import dev.podidentity.client.Environment;
import dev.podidentity.client.FakeAgent;
import dev.podidentity.client.ScriptedTransport;
import dev.podidentity.pod.PodFailureReason;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

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
    return StrictChain.in(POD, this::podIdentity);
  }

  private PodIdentityCredentialsProvider podIdentity() {
    return PodIdentityCredentialsProvider.builder()
        .environment(Map.of(Environment.FULL_URI, "http://169.254.170.23/v1/credentials"))
        .clock(time.clock)
        .ticker(time)
        .executor(Runnable::run)
        .transport(agent)
        .build();
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

  /** A provider that goes before pod identity, and may fail. */
  private static final class Switched implements AwsCredentialsProvider, SdkAutoCloseable {
    private boolean fails = true;
    private int asked;
    private int closed;

    @Override
    public AwsCredentials resolveCredentials() {
      asked++;
      if (fails) {
        throw SdkClientException.create("STS is away");
      }
      return AwsBasicCredentials.create("AKIA0LOCAL0IRSA00000", "local");
    }

    @Override
    public void close() {
      closed++;
    }
  }

  private StrictChain behind(AwsCredentialsProvider before) {
    return new StrictChain(() -> List.of(before), podIdentity(), time);
  }

  private static String keyOf(AwsCredentialsProvider chain) {
    return chain.resolveCredentials().accessKeyId();
  }

  @Test
  void doesNotLeaveAProviderThatHasAnswered() {
    var before = new Switched();
    before.fails = false;
    AwsCredentialsProvider chain = behind(before);
    chain.resolveCredentials();
    before.fails = true;

    assertThatExceptionOfType(SdkClientException.class)
        .isThrownBy(chain::resolveCredentials)
        .withMessageContaining("STS is away");
    assertThat(chain.resolveIdentity(request -> {})).isCompletedExceptionally();
    before.fails = false;
    assertThat(keyOf(chain)).isEqualTo("AKIA0LOCAL0IRSA00000");
    assertThat(agent.requests()).isZero();
  }

  @Test
  void doesNotSettleOnPodIdentityBecauseAnotherFailedAtFirst() {
    var before = new Switched();
    AwsCredentialsProvider chain = behind(before);
    assertThat(keyOf(chain)).isEqualTo("ASIA0LOCAL0000000001");
    before.fails = false;
    time.pass(StrictChain.LOOK_AGAIN);

    assertThat(keyOf(chain)).isEqualTo("AKIA0LOCAL0IRSA00000");
  }

  @Test
  void doesNotAskAtEachCallForWhatIsNotThere() {
    var before = new Switched();
    AwsCredentialsProvider chain = behind(before);
    for (int i = 0; i < 10; i++) {
      chain.resolveCredentials();
    }

    assertThat(before.asked).isEqualTo(1);
  }

  @Test
  void stillAnswersOnceItIsClosed() {
    var before = new Switched();
    StrictChain chain = behind(before);
    chain.resolveCredentials();
    chain.close();

    assertThat(before.closed).isEqualTo(1);
    assertThat(keyOf(chain)).isEqualTo("ASIA0LOCAL0000000001");
    before.fails = false;
    time.pass(StrictChain.LOOK_AGAIN);
    assertThat(keyOf(chain)).isEqualTo("AKIA0LOCAL0IRSA00000");
  }

  @Test
  void canBeGivenByTheNameOfItsClass() throws ReflectiveOperationException {
    System.setProperty("aws.accessKeyId", "AKIA0LOCAL0NODE00000");
    System.setProperty("aws.secretAccessKey", "local");
    var type = Class.forName("dev.podidentity.awssdk.StrictChainCredentialsProvider");

    for (Object made :
        List.of(type.getConstructor().newInstance(), type.getMethod("create").invoke(null))) {
      try (var provider = (StrictChainCredentialsProvider) made) {
        assertThat(keyOf(provider)).isEqualTo("AKIA0LOCAL0NODE00000");
      }
    }
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
