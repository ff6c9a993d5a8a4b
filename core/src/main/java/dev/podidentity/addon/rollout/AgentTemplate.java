package dev.podidentity.addon.rollout;

import static java.util.Objects.requireNonNull;

import dev.podidentity.addon.configuration.ConfigurationValues;
import dev.podidentity.addon.version.AddonVersion;

/**
 * What an agent is made from.
 *
 * @param version the add-on's version
 * @param values all configuration values, the defaults among them
 * @param restarts how many times agents were asked to restart without another change
 */
public record AgentTemplate(AddonVersion version, ConfigurationValues values, int restarts) {
  /** A template. */
  public AgentTemplate {
    requireNonNull(version, "version");
    requireNonNull(values, "values");
  }

  AgentTemplate with(ConfigurationValues others) {
    return new AgentTemplate(version, others, restarts);
  }

  AgentTemplate restarted() {
    return new AgentTemplate(version, values, restarts + 1);
  }
}
