package dev.podidentity.examples.nodeagent;

import dev.podidentity.server.metrics.AgentMetrics;
import dev.podidentity.server.metrics.PrometheusText;
import dev.podidentity.server.operations.MetricsPage;
import dev.podidentity.server.operations.MetricsSource;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The agent's metrics and those of its JVM. */
final class NodeMetrics implements MetricsSource {
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final AtomicBoolean withJvm = new AtomicBoolean();
  private final MetricsSource text = PrometheusText.of(registry);
  private final AgentMetrics agent;

  NodeMetrics(Clock clock) {
    agent = AgentMetrics.register(registry, clock);
    agent.build(Version.text(), Runtime.version().toString());
  }

  AgentMetrics agent() {
    return agent;
  }

  // The JVM's beans take their time to load, which the first pod should not wait for.
  @Override
  public MetricsPage page(@Nullable String accept) {
    if (withJvm.compareAndSet(false, true)) {
      JvmMetrics.builder().register(registry);
    }
    return text.page(accept);
  }
}
