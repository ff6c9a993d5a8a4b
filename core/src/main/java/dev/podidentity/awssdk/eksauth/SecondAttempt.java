package dev.podidentity.awssdk.eksauth;

import dev.podidentity.http.ConnectTimeoutException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;

/**
 * When a call to AWS is tried again at once: where the connection failed, or where the AWS SDK has
 * just learnt how far the node's clock is off. An answer that is slow is waited for, and what AWS
 * answered is left to the cache, which knows who else asks.
 */
final class SecondAttempt {
  private static final int ATTEMPTS = 2;
  private static final Duration MIN_BACKOFF = Duration.ofMillis(50);
  private static final Duration MAX_BACKOFF = Duration.ofMillis(300);

  private SecondAttempt() {}

  // The SDK's own backoff on throttling is longer than any pod waits.
  static StandardRetryStrategy strategy() {
    BackoffStrategy backoff = BackoffStrategy.exponentialDelay(MIN_BACKOFF, MAX_BACKOFF);
    return StandardRetryStrategy.builder()
        .useClientDefaults(false)
        .retryOnException(SecondAttempt::mayHelp)
        .maxAttempts(ATTEMPTS)
        .backoffStrategy(backoff)
        .throttlingBackoffStrategy(backoff)
        .build();
  }

  static boolean mayHelp(Throwable failure) {
    return failure instanceof AwsServiceException service
        ? service.isClockSkewException()
        : isOfTheConnection(failure);
  }

  private static boolean isOfTheConnection(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return cause instanceof ConnectTimeoutException
            || cause instanceof SocketException
            || cause instanceof UnknownHostException
            || cause instanceof EOFException
            || (!(cause instanceof SocketTimeoutException) && endsEarly(cause));
      }
    }
    return false;
  }

  // A handshake that the other side ends is a TLS failure whose cause is the end of the stream.
  private static boolean endsEarly(Throwable failure) {
    Throwable cause = failure.getCause();
    return cause instanceof EOFException || cause instanceof SocketException;
  }
}
