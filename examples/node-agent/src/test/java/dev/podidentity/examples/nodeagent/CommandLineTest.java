package dev.podidentity.examples.nodeagent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Command lines that make no sense, in this process; {@code CommandLineIT} has some for the jar.
 */
class CommandLineTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "server",
        "server -c my-cluster --no-such-flag",
        "server -c my-cluster -p port",
        "server -c my-cluster -b localhost",
        "server -c my-cluster -b 0.0.0.0",
        "server -c my-cluster --max-service-qps 0",
        "server -c my-cluster --max-cache-size -1",
        "server -c my-cluster --max-credential-retention-before-renewal PT3H",
        "server -c my-cluster --pod-requests-per-second -1",
        "server -c my-cluster --rotate-credentials=maybe",
        "server -c my-cluster --endpoint https://vpce.example --use-fips-endpoint",
        "server -c my-cluster --upstream-timeout 0",
        "server -c my-cluster --ca-bundle /no/such/file",
        "server -c my-cluster --upstream-timeout soon",
        "server -c my-cluster --token-verification perhaps",
        "server -c my-cluster --instance-metadata on",
        "server -c my-cluster --pod-liveness",
        "server -c my-cluster --pod-liveness --node-name node-1",
        "server -c my-cluster --token-verification on",
        "server -c my-cluster --token-keys-url http://keys.example --token-issuer me",
        "server -c my-cluster --token-keys-url https://keys.example",
        "server -c my-cluster --token-keys-ca-file ca.crt",
        "server -c my-cluster --token-keys-file no-such-folder/keys",
        "local --credential-lifetime soon",
        "local --credential-lifetime 0",
        "local -b 127.0.0.1 -b 127.0.0.1",
        "server -c my-cluster -p 65536",
        "server -c my-cluster --configuration-values {\"agents\":{}}",
        "server -c my-cluster --configuration-values no-such-file.json",
        "server -c my-cluster -v loud",
        "-v loud version",
        "server my-cluster",
        "version --no-such-flag",
        "no-such-command"
      })
  void saysInOneLineWhatMakesNoSense(String commandLine) {
    var result = InProcess.run(commandLine.split(" "));

    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(1);
  }
}
