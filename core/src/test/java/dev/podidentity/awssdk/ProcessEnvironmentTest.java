package dev.podidentity.awssdk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.client.Environment;
import org.junit.jupiter.api.Test;

class ProcessEnvironmentTest {
  @Test
  void readsThePropertiesThatTheSdkReads() {
    System.setProperty("aws.containerCredentialsFullUri", "http://127.0.0.1:1234/");
    try {
      assertThat(ProcessEnvironment.read().variable(Environment.FULL_URI))
          .isEqualTo("http://127.0.0.1:1234/");
    } finally {
      System.clearProperty("aws.containerCredentialsFullUri");
    }
  }
}
