package dev.podidentity.awssdk;

import dev.podidentity.client.Environment;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.SystemPropertyCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * What the default chain has before its container provider, then pod identity, then nothing. Not a
 * chain of the SDK's, which would lose the type and the reason of pod identity's failure.
 *
 * <p>A provider that has answered is not left because it fails: its failure is the chain's. Pod
 * identity, which also steps in where one before it fails at first, is never settled on: those
 * before it are asked again after a while. Thread-safe.
 */
final class StrictChain implements AwsCredentialsProvider, SdkAutoCloseable {
  /** How long pod identity is taken without asking the providers before it. */
  static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

  private final Supplier<List<AwsCredentialsProvider>> before;
  private final PodIdentityCredentialsProvider podIdentity;
  private final Ticker ticker;

  /** When the providers before pod identity are asked again. */
  private final AtomicLong lookAt;

  private volatile @Nullable List<AwsCredentialsProvider> open;
  private volatile @Nullable Found found;

  /** Which of the providers before pod identity has answered. */
  private record Found(int index) {}

  StrictChain(
      Supplier<List<AwsCredentialsProvider>> before,
      PodIdentityCredentialsProvider podIdentity,
      Ticker ticker) {
    this.before = before;
    this.podIdentity = podIdentity;
    this.ticker = ticker;
    this.lookAt = new AtomicLong(ticker.nanos());
  }

  static AwsCredentialsProvider in(
      Environment environment, Supplier<PodIdentityCredentialsProvider> podIdentity) {
    return environment.isPod()
        ? new StrictChain(StrictChain::asInTheDefaultChain, podIdentity.get(), Ticker.system())
        : DefaultCredentialsProvider.builder().build();
  }

  private static List<AwsCredentialsProvider> asInTheDefaultChain() {
    return List.of(
        SystemPropertyCredentialsProvider.create(),
        EnvironmentVariableCredentialsProvider.create(),
        WebIdentityTokenFileCredentialsProvider.create(),
        ProfileCredentialsProvider.create());
  }

  @Override
  public AwsCredentials resolveCredentials() {
    AwsCredentials first = beforePodIdentity();
    return first != null ? first : podIdentity.resolveCredentials();
  }

  @Override
  public CompletableFuture<AwsCredentialsIdentity> resolveIdentity(ResolveIdentityRequest request) {
    try {
      AwsCredentials first = beforePodIdentity();
      return first != null
          ? CompletableFuture.completedFuture(first)
          : podIdentity.resolveIdentity(request);
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private @Nullable AwsCredentials beforePodIdentity() {
    Found known = found;
    if (known != null) {
      return providers().get(known.index()).resolveCredentials();
    }
    long now = ticker.nanos();
    long due = lookAt.get();
    // One caller looks, the others take pod identity meanwhile.
    if (now - due < 0 || !lookAt.compareAndSet(due, now + LOOK_AGAIN.toNanos())) {
      return null;
    }
    List<AwsCredentialsProvider> all = providers();
    for (int i = 0; i < all.size(); i++) {
      try {
        AwsCredentials credentials = all.get(i).resolveCredentials();
        found = new Found(i);
        return credentials;
      } catch (RuntimeException e) {
        // It is not set up, or fails: the next one may have some. The SDK's own throw all kinds.
      }
    }
    return null;
  }

  private List<AwsCredentialsProvider> providers() {
    List<AwsCredentialsProvider> current = open;
    if (current == null) {
      synchronized (this) {
        current = open;
        if (current == null) {
          current = before.get();
          open = current;
        }
      }
    }
    return current;
  }

  void invalidate() {
    podIdentity.invalidate();
  }

  /** Closes its providers. Who still asks has new ones made. */
  @Override
  public void close() {
    List<AwsCredentialsProvider> closed;
    synchronized (this) {
      closed = open;
      open = null;
    }
    if (closed != null) {
      for (AwsCredentialsProvider provider : closed) {
        if (provider instanceof SdkAutoCloseable closeable) {
          closeable.close();
        }
      }
    }
    podIdentity.close();
  }

  @Override
  public String toString() {
    return "PodIdentityCredentialsProvider.strictChain";
  }
}
