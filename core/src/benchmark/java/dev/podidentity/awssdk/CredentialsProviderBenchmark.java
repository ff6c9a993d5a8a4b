package dev.podidentity.awssdk;

import static java.util.Objects.requireNonNull;

import dev.podidentity.client.Answers;
import dev.podidentity.client.FakeAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/** Ours beside the AWS SDK's container provider, against the same agent in this process. */
@State(Scope.Benchmark)
public class CredentialsProviderBenchmark {
  /** Whose provider. */
  public enum Whose {
    /** The AWS SDK's {@code ContainerCredentialsProvider}. */
    SDK,
    /** {@code PodIdentityCredentialsProvider}. */
    OURS;

    AwsCredentialsProvider create() {
      return switch (this) {
        case SDK -> ContainerCredentialsProvider.create();
        case OURS -> PodIdentityCredentialsProvider.create();
      };
    }
  }

  private static final String NO_LOGGING =
      "-Dslf4j.provider=org.slf4j.helpers.NOP_FallbackServiceProvider";

  /** The provider that is measured. */
  @Param public Whose whose = Whose.OURS;

  private @Nullable FakeAgent agent;
  private @Nullable Path tokenFile;

  /** Made by JMH. */
  public CredentialsProviderBenchmark() {}

  /** Starts the agent, and says where it is. */
  @Setup
  public void start() throws IOException {
    tokenFile = Files.createTempFile("pod-identity", ".token");
    Files.writeString(tokenFile, BenchmarkToken.make());
    agent =
        FakeAgent.start(
            (request, connection) ->
                FakeAgent.json(200, Answers.credentials(Instant.now().plus(Duration.ofHours(6))))
                    .answer(request, connection));
    System.setProperty(
        SdkSystemSetting.AWS_CONTAINER_CREDENTIALS_FULL_URI.property(), agent.uri().toString());
    System.setProperty(
        SdkSystemSetting.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE.property(), tokenFile.toString());
  }

  /** Keeps a provider that has credentials. */
  @State(Scope.Benchmark)
  public static class Warm {
    private @Nullable AwsCredentialsProvider provider;

    /** Made by JMH. */
    public Warm() {}

    /** Fetches once. */
    @Setup
    public void fetch(CredentialsProviderBenchmark benchmark) {
      provider = benchmark.whose.create();
      provider.resolveCredentials();
    }
  }

  /** Stops the agent. */
  @TearDown
  public void stop() throws IOException {
    requireNonNull(agent).close();
    Files.delete(requireNonNull(tokenFile));
  }

  /** The first credentials of a process, class loading included. */
  @Benchmark
  @BenchmarkMode(Mode.SingleShotTime)
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  @Fork(value = 15, jvmArgsAppend = NO_LOGGING)
  @Warmup(iterations = 0)
  @Measurement(iterations = 1)
  public AwsCredentials firstOfProcess() {
    return firstOfProvider();
  }

  /** The first credentials of a provider, in a process that is warm. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.MICROSECONDS)
  @Fork(value = 2, jvmArgsAppend = NO_LOGGING)
  @Warmup(iterations = 3, time = 2)
  @Measurement(iterations = 5, time = 2)
  public AwsCredentials firstOfProvider() {
    AwsCredentialsProvider provider = whose.create();
    try {
      return provider.resolveCredentials();
    } finally {
      ((SdkAutoCloseable) provider).close();
    }
  }

  /** What is paid for each request of an application. */
  @Benchmark
  @BenchmarkMode(Mode.AverageTime)
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  @Fork(value = 2, jvmArgsAppend = NO_LOGGING)
  @Warmup(iterations = 3, time = 1)
  @Measurement(iterations = 5, time = 1)
  public AwsCredentials cached(Warm warm) {
    return requireNonNull(warm.provider).resolveCredentials();
  }
}
