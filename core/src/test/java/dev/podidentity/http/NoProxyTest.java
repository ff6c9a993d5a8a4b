package dev.podidentity.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoProxyTest {
  private static boolean covers(String list, String endpoint) {
    URI uri = URI.create(endpoint);
    return new NoProxy(list).covers(uri.getHost(), uri.getScheme().equals("https") ? 443 : 80);
  }

  @ParameterizedTest
  @CsvSource({
    "'*', http://169.254.170.23/",
    "169.254.170.23, http://169.254.170.23/",
    "'a.example, 169.254.170.23', http://169.254.170.23/",
    "a.example 169.254.170.23, http://169.254.170.23/",
    "169.254.170.23:80, http://169.254.170.23/",
    "fd00:ec2::23, http://[fd00:ec2::23]/",
    "FD00:EC2::23, http://[fd00:0ec2::23]/",
    "[fd00:ec2::23]:80, http://[fd00:ec2::23]/",
    "example.com, https://agent.example.com/",
    ".example.com, https://agent.example.com/",
    "*.example.com, https://Agent.example.com/"
  })
  void coversWhatAllProgramsTakeForCovered(String list, String endpoint) {
    assertThat(covers(list, endpoint)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'', http://169.254.170.23/",
    "169.254.0.0/16, http://169.254.170.23/",
    "169.254.170.2, http://169.254.170.23/",
    "[fd00:ec2::23], http://[fd00:ec2::23]/",
    "fd00:ec2::/64, http://[fd00:ec2::23]/",
    "170.23, http://169.254.170.23/",
    "169.254.170.23:8080, http://169.254.170.23/",
    "169.254.170.23, http://[fd00:ec2::23]/",
    "example.com, https://example.org/",
    "example.com, https://badexample.com/"
  })
  void leavesOutTheRest(String list, String endpoint) {
    assertThat(covers(list, endpoint)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'a.example,169.254.0.0/16', 169.254.170.23, true",
    "169.254.170.23/32, 169.254.170.23, true",
    "0.0.0.0/0, 169.254.170.23, true",
    "fd00:ec2::/64, [fd00:ec2::23], true",
    "169.255.0.0/16, 169.254.170.23, false",
    "169.254.170.24/32, 169.254.170.23, false",
    "169.254.0.0/33, 169.254.170.23, false",
    "169.254.0.0/-1, 169.254.170.23, false",
    "::/0, 169.254.170.23, false",
    "[fd00:ec2::]/64, fd00:ec2::23, false",
    "169.254.170.23, 169.254.170.23, false",
    "0.0.0.0/0, agent.example, false"
  })
  void knowsRangesAsGoDoes(String list, String host, boolean covered) {
    assertThat(new NoProxy(list).coversInARange(host)).isEqualTo(covered);
  }
}
