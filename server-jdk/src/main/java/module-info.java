/** Pod identity on the JDK's HTTP server API: the node agent's endpoint, and a local EKS. */
module dev.podidentity.server {
  requires transitive dev.podidentity;
  requires transitive jdk.httpserver;
  requires com.fasterxml.jackson.databind;
  requires com.fasterxml.jackson.core;
  requires org.jspecify;
  requires static io.prometheus.metrics.core;
  requires static io.prometheus.metrics.model;
  requires static io.prometheus.writer.text;
  requires static com.google.errorprone.annotations;
  requires org.slf4j;

  exports dev.podidentity.server;
  exports dev.podidentity.server.local;
  exports dev.podidentity.server.metrics;
  exports dev.podidentity.server.operations;
}
