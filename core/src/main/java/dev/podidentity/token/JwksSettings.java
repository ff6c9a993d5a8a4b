package dev.podidentity.token;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a verifier keeps the cluster's keys. Immutable. */
public final class JwksSettings {
  private final Duration keepFor;
  private final Duration minRefreshInterval;
  private final Duration outageTolerance;
  private final @Nullable Path file;

  private JwksSettings(Builder builder) {
    keepFor = builder.keepFor;
    minRefreshInterval = builder.minRefreshInterval;
    outageTolerance = builder.outageTolerance;
    file = builder.file;
  }

  /** The settings with every default: nothing on disk. */
  public static JwksSettings defaults() {
    return builder().build();
  }

  /** Starts with every default. */
  public static Builder builder() {
    return new Builder();
  }

  /** How long keys are used before they are fetched again. */
  public Duration keepFor() {
    return keepFor;
  }

  /** In what time unknown key ids cause two fetches at most. */
  public Duration minRefreshInterval() {
    return minRefreshInterval;
  }

  /** How long after they were fetched keys are used while no newer ones can be had. */
  public Duration outageTolerance() {
    return outageTolerance;
  }

  /** Where keys are kept for the time after a restart; empty if they are not. */
  public Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  /** Collects settings. Not thread-safe. */
  public static final class Builder {
    private Duration keepFor = Duration.ofMinutes(5);
    private Duration minRefreshInterval = Duration.ofSeconds(30);
    private Duration outageTolerance = Duration.ofHours(24);
    private @Nullable Path file;

    private Builder() {}

    /** Sets how long keys are used before they are fetched again; 5 minutes if not set. */
    public Builder keepFor(Duration keepFor) {
      this.keepFor = requireNonNull(keepFor, "keepFor");
      return this;
    }

    /** Sets in what time unknown key ids cause two fetches at most; 30 s if not set. */
    public Builder minRefreshInterval(Duration minRefreshInterval) {
      this.minRefreshInterval = requireNonNull(minRefreshInterval, "minRefreshInterval");
      return this;
    }

    /** Sets how long keys are used while no newer ones can be had; 24 hours if not set. */
    public Builder outageTolerance(Duration outageTolerance) {
      this.outageTolerance = requireNonNull(outageTolerance, "outageTolerance");
      return this;
    }

    /**
     * Sets a file, in a directory that exists, that keys are kept in with access for its owner
     * only; none if not set.
     */
    public Builder file(Path file) {
      this.file = requireNonNull(file, "file");
      return this;
    }

    /** The settings. */
    public JwksSettings build() {
      return new JwksSettings(this);
    }
  }
}
