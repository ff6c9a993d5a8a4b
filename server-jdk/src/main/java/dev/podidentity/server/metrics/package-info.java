/**
 * The agent's metrics for Prometheus: {@link dev.podidentity.server.metrics.AgentMetrics}. Needs
 * the Prometheus Java client, which {@code pod-identity-server-jdk} does not bring.
 */
@NullMarked
package dev.podidentity.server.metrics;

import org.jspecify.annotations.NullMarked;
