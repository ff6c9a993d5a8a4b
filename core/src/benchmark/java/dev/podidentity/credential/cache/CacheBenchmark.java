package dev.podidentity.credential.cache;

import dev.podidentity.credential.CredentialSource;
import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.token.ServiceAccountToken;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a hit costs, beside a look-up of the token's text in a map, which is the least that any
 * cache does. A thread asks for a few pods among many entries: how many must not matter.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 20, time = 150, timeUnit = TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Xmx2g")
@SuppressWarnings("missing-explicit-ctor") // JMH makes the states
public class CacheBenchmark {
  private static final int FEW = 64;

  private static TemporaryCredentials credentials() {
    return TemporaryCredentials.builder()
        .accessKeyId("ASIAEXAMPLE")
        .secretAccessKey("secret")
        .sessionToken("session")
        .accountId("111122223333")
        .expiration(Clock.systemUTC().instant().plus(Duration.ofHours(6)))
        .build();
  }

  private static ServiceAccountToken token(int number, Instant issuedAt) {
    // As signatures, no two end alike: tokens are found by their end.
    String signature = "s".repeat(240) + "%016x".formatted(number * 0x9E3779B97F4A7C15L);
    return TestTokens.of("pod-" + number, "my-app", issuedAt, TestTokens.LIFETIME, signature);
  }

  /** A full cache, and a full map. */
  @State(Scope.Benchmark)
  public static class Full {
    /** How many pods have credentials. */
    @Param({"100", "10000", "100000"})
    public int entries;

    final Instant issuedAt = Clock.systemUTC().instant();
    final TemporaryCredentials credentials = credentials();
    final ServiceAccountToken[] asked = new ServiceAccountToken[FEW];
    final ConcurrentMap<String, TemporaryCredentials> map = new ConcurrentHashMap<>();
    final CachingCredentialSource cache =
        CachingCredentialSource.builder(token -> credentials)
            .settings(CacheSettings.builder().maxEntries(1_000_000).build())
            .executor(Runnable::run)
            .build();

    /** Fills both; what is asked later is equal to what is stored, and another object. */
    @Setup(Level.Trial)
    public void fill() {
      for (int i = 0; i < entries; i++) {
        ServiceAccountToken token = token(i, issuedAt);
        cache.fetch(token);
        map.put(token.value(), credentials);
      }
      for (int i = 0; i < FEW; i++) {
        asked[i] = token(i * (entries / FEW), issuedAt);
      }
    }

    /** Ends the cache's threads. */
    @TearDown(Level.Trial)
    public void close() {
      cache.close();
    }
  }

  /** Which pod a thread asks for next. */
  @State(Scope.Thread)
  public static class Turn {
    private int next;

    ServiceAccountToken of(Full full) {
      return full.asked[next++ & (FEW - 1)];
    }
  }

  /** A cache that keeps nothing, so that every request is a miss. */
  @State(Scope.Benchmark)
  public static class Empty {
    final ServiceAccountToken token = token(0, Clock.systemUTC().instant());
    final TemporaryCredentials credentials = credentials();
    final CredentialSource source = asked -> credentials;
    final CachingCredentialSource onItsThreads =
        CachingCredentialSource.builder(source)
            .settings(CacheSettings.builder().maxEntries(0).build())
            .build();
    final CachingCredentialSource onTheCallers =
        CachingCredentialSource.builder(source)
            .settings(CacheSettings.builder().maxEntries(0).build())
            .executor(Runnable::run)
            .build();

    /** Ends the caches' threads. */
    @TearDown(Level.Trial)
    public void close() {
      onItsThreads.close();
      onTheCallers.close();
    }
  }

  @Benchmark
  public TemporaryCredentials hitOnOneThread(Full full, Turn turn) {
    return full.cache.fetch(turn.of(full));
  }

  @Benchmark
  @Threads(2)
  public TemporaryCredentials hitOnTwoThreads(Full full, Turn turn) {
    return full.cache.fetch(turn.of(full));
  }

  @Benchmark
  public @Nullable Object mapOnOneThread(Full full, Turn turn) {
    return full.map.get(turn.of(full).value());
  }

  @Benchmark
  @Threads(2)
  public @Nullable Object mapOnTwoThreads(Full full, Turn turn) {
    return full.map.get(turn.of(full).value());
  }

  @Benchmark
  public TemporaryCredentials missOnThreadsOfItsOwn(Empty empty) {
    return empty.onItsThreads.fetch(empty.token);
  }

  @Benchmark
  public TemporaryCredentials missOnTheCallersThread(Empty empty) {
    return empty.onTheCallers.fetch(empty.token);
  }

  @Benchmark
  public TemporaryCredentials sourceAlone(Empty empty) {
    return empty.source.fetch(empty.token);
  }
}
