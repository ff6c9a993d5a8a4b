package dev.podidentity.credential.cache;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/** How the cache behaves. Immutable; {@link #defaults} suits a node. */
public final class CacheSettings {
  /** Credentials with less life than this are neither stored nor served: 15 s. */
  public static final Duration MIN_REMAINING_LIFE = Duration.ofSeconds(15);

  private final Duration retention;
  private final int maxEntries;
  private final Duration waiterDeadline;
  private final Duration fetchBudget;
  private final int maxConcurrentCalls;
  private final int maxQueuedCalls;
  private final int maxHeldRequests;
  private final int renewalsPerSecond;
  private final double renewalJitter;
  private final Duration renewalRetry;
  private final Duration maxThrottlePause;
  private final Duration refusalMemory;

  private CacheSettings(Builder builder) {
    retention = builder.retention;
    maxEntries = builder.maxEntries;
    waiterDeadline = builder.waiterDeadline;
    fetchBudget = builder.fetchBudget;
    maxConcurrentCalls = builder.maxConcurrentCalls;
    maxQueuedCalls = builder.maxQueuedCalls;
    maxHeldRequests = builder.maxHeldRequests;
    renewalsPerSecond = builder.renewalsPerSecond;
    renewalJitter = builder.renewalJitter;
    renewalRetry = builder.renewalRetry;
    maxThrottlePause = builder.maxThrottlePause;
    refusalMemory = builder.refusalMemory;
  }

  /** The settings with every default. */
  public static CacheSettings defaults() {
    return builder().build();
  }

  /** Starts with every default. */
  public static Builder builder() {
    return new Builder();
  }

  /** How old credentials get before they are renewed; zero if nothing is kept. */
  public Duration retention() {
    return retention;
  }

  /** How many pods have credentials in the cache at most; zero if nothing is kept. */
  public int maxEntries() {
    return maxEntries;
  }

  /** How long a client waits for the source at most. */
  public Duration waiterDeadline() {
    return waiterDeadline;
  }

  /** How long one step of a fetch may take, such as a call, until the fetch is ended. */
  public Duration fetchBudget() {
    return fetchBudget;
  }

  /** How many calls the source works on at most. */
  public int maxConcurrentCalls() {
    return maxConcurrentCalls;
  }

  /** How many requests wait for such a call to end at most. */
  public int maxQueuedCalls() {
    return maxQueuedCalls;
  }

  /** How many requests whose call has failed are held until their deadline at most. */
  public int maxHeldRequests() {
    return maxHeldRequests;
  }

  /** How many renewals begin in a second at most. */
  public int renewalsPerSecond() {
    return renewalsPerSecond;
  }

  /** By which part of its time a renewal is moved, forth or back. */
  public double renewalJitter() {
    return renewalJitter;
  }

  /** How long after a failed renewal the next try is made at the earliest; at most twice that. */
  public Duration renewalRetry() {
    return renewalRetry;
  }

  /** How long renewals pause at most when the source throttles. */
  public Duration maxThrottlePause() {
    return maxThrottlePause;
  }

  /** How long a refusal is remembered; zero if it is not. */
  public Duration refusalMemory() {
    return refusalMemory;
  }

  boolean keepsCredentials() {
    return maxEntries > 0 && !retention.isZero();
  }

  /** Collects settings. Not thread-safe. */
  public static final class Builder {
    private Duration retention = Duration.ofHours(3);
    private int maxEntries = 2000;
    private Duration waiterDeadline = Duration.ofMillis(900);
    private Duration fetchBudget = Duration.ofSeconds(30);
    private int maxConcurrentCalls = 32;
    private int maxQueuedCalls = 256;
    private int maxHeldRequests = 512;
    private int renewalsPerSecond = 3;
    private double renewalJitter = 0.02;
    private Duration renewalRetry = Duration.ofMinutes(1);
    private Duration maxThrottlePause = Duration.ofMinutes(5);
    private Duration refusalMemory = Duration.ofSeconds(1);

    private Builder() {}

    /**
     * Sets how old credentials get before they are renewed, or half of their life if that is less;
     * 3 hours if not set, zero keeps nothing.
     */
    public Builder retention(Duration retention) {
      this.retention = notNegative("retention", retention);
      return this;
    }

    /** Sets how many pods have credentials in the cache; 2000 if not set, zero keeps nothing. */
    public Builder maxEntries(int maxEntries) {
      this.maxEntries = atLeast(0, "maxEntries", maxEntries);
      return this;
    }

    /** Sets how long a client waits for the source; 900 ms if not set: SDKs give up after 1 s. */
    public Builder waiterDeadline(Duration waiterDeadline) {
      this.waiterDeadline = notNegative("waiterDeadline", waiterDeadline);
      return this;
    }

    /**
     * Sets how long one step of a fetch may take: the wait for a call, the call, the verification
     * of a token. A fetch that takes longer has lost its thread, or hangs in the source: it is
     * ended, and another call takes its place; 30 s if not set.
     */
    public Builder fetchBudget(Duration fetchBudget) {
      this.fetchBudget = notNegative("fetchBudget", fetchBudget);
      return this;
    }

    /** Sets how many calls the source works on at once; 32 if not set. */
    public Builder maxConcurrentCalls(int maxConcurrentCalls) {
      this.maxConcurrentCalls = atLeast(1, "maxConcurrentCalls", maxConcurrentCalls);
      return this;
    }

    /** Sets how many requests wait for a call to end; 256 if not set. */
    public Builder maxQueuedCalls(int maxQueuedCalls) {
      this.maxQueuedCalls = atLeast(0, "maxQueuedCalls", maxQueuedCalls);
      return this;
    }

    /**
     * Sets how many requests are held after a call for their token failed in a way that may pass;
     * 512 if not set, half of them for one client at most. They wait until {@link #waiterDeadline}
     * for what further calls bring, and the others are answered with the failure at once. Zero
     * holds none and makes no further calls.
     */
    public Builder maxHeldRequests(int maxHeldRequests) {
      this.maxHeldRequests = atLeast(0, "maxHeldRequests", maxHeldRequests);
      return this;
    }

    /** Sets how many renewals begin in a second; 3 if not set. */
    public Builder renewalsPerSecond(int renewalsPerSecond) {
      this.renewalsPerSecond = atLeast(1, "renewalsPerSecond", renewalsPerSecond);
      return this;
    }

    /**
     * Sets by which part of its time a renewal is moved at random, so that pods that started
     * together are not renewed together; 0.02 if not set.
     *
     * @throws IllegalArgumentException if it is not between 0 and 0.5
     */
    public Builder renewalJitter(double renewalJitter) {
      if (!(renewalJitter >= 0 && renewalJitter <= 0.5)) {
        throw new IllegalArgumentException(
            "renewalJitter is " + renewalJitter + ": write 0 to 0.5");
      }
      this.renewalJitter = renewalJitter;
      return this;
    }

    /** Sets after what time a failed renewal is tried again, up to twice that; 1 min if not set. */
    public Builder renewalRetry(Duration renewalRetry) {
      this.renewalRetry = notNegative("renewalRetry", renewalRetry);
      return this;
    }

    /** Sets how long renewals pause at most when the source throttles; 5 minutes if not set. */
    public Builder maxThrottlePause(Duration maxThrottlePause) {
      this.maxThrottlePause = notNegative("maxThrottlePause", maxThrottlePause);
      return this;
    }

    /** Sets how long a refusal is remembered for its token; 1 s if not set, zero turns it off. */
    public Builder refusalMemory(Duration refusalMemory) {
      this.refusalMemory = notNegative("refusalMemory", refusalMemory);
      return this;
    }

    /** The settings. */
    public CacheSettings build() {
      return new CacheSettings(this);
    }

    private static Duration notNegative(String what, Duration value) {
      if (requireNonNull(value, what).isNegative()) {
        throw new IllegalArgumentException(what + " is " + value + ": write zero or more");
      }
      return value;
    }

    private static int atLeast(int least, String what, int value) {
      if (value < least) {
        throw new IllegalArgumentException(what + " is " + value + ": write " + least + " or more");
      }
      return value;
    }
  }
}
