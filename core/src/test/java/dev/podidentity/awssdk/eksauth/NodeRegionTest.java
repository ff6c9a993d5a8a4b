package dev.podidentity.awssdk.eksauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NodeRegionTest {
  private String before = "";

  @BeforeEach
  void clear() {
    before = System.getProperty("aws.region", "");
    System.clearProperty("aws.region");
  }

  @AfterEach
  void restore() {
    if (before.isEmpty()) {
      System.clearProperty("aws.region");
    } else {
      System.setProperty("aws.region", before);
    }
  }

  private static String region(Map<String, String> environment) {
    return NodeRegion.chain(environment).getRegion().id();
  }

  @Test
  void takesTheDefaultRegion() {
    assertThat(region(Map.of("AWS_DEFAULT_REGION", " eu-west-1 "))).isEqualTo("eu-west-1");
  }

  @Test
  void putsTheRegionFirst() {
    System.setProperty("aws.region", "us-west-2");

    assertThat(region(Map.of("AWS_DEFAULT_REGION", "eu-west-1"))).isEqualTo("us-west-2");
  }
}
