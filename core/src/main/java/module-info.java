/**
 * Amazon EKS Pod Identity as a library: the model, the rules, the agent's decision, credential
 * sources and the credentials provider for applications in pods.
 */
@SuppressWarnings("module") // dev.podidentity.server is compiled later
module dev.podidentity {
  requires transitive org.jspecify;
  requires com.fasterxml.jackson.core;
  requires com.fasterxml.jackson.databind;
  requires org.slf4j;
  requires static com.google.errorprone.annotations;
  requires static com.nimbusds.jose.jwt;
  requires transitive software.amazon.awssdk.auth;
  requires static software.amazon.awssdk.awscore;
  requires transitive software.amazon.awssdk.core;
  requires software.amazon.awssdk.endpoints;
  requires software.amazon.awssdk.http;
  requires transitive software.amazon.awssdk.identity.spi;
  requires software.amazon.awssdk.profiles;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.retries;
  requires software.amazon.awssdk.retries.api;
  requires transitive software.amazon.awssdk.utils;
  requires static software.amazon.awssdk.services.eksauth;

  exports dev.podidentity;
  exports dev.podidentity.addon;
  exports dev.podidentity.addon.configuration;
  exports dev.podidentity.addon.rollout;
  exports dev.podidentity.addon.version;
  exports dev.podidentity.association;
  exports dev.podidentity.audit;
  exports dev.podidentity.awssdk;
  exports dev.podidentity.awssdk.eksauth;
  exports dev.podidentity.binding;
  exports dev.podidentity.credential;
  exports dev.podidentity.credential.cache;
  exports dev.podidentity.doctor;
  exports dev.podidentity.imds;
  exports dev.podidentity.kubernetes;
  exports dev.podidentity.local;
  exports dev.podidentity.pod;
  exports dev.podidentity.schedule;
  exports dev.podidentity.token;
  exports dev.podidentity.json to
      dev.podidentity.server;
  exports dev.podidentity.limit to
      dev.podidentity.server;
}
