package dev.podidentity.server.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.association.RoleArn;
import dev.podidentity.local.Fault;
import dev.podidentity.token.ServiceAccountRef;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code of docs/local-eks.md. */
class LocalEksExampleTest {
  @Test
  void runsAsItIsWritten() throws Exception {
    try (LocalEks eks = LocalEks.start()) {
      var account = new ServiceAccountRef("shop", "checkout");
      eks.associations().create(account, RoleArn.parse("arn:aws:iam::111122223333:role/my-role"));
      LocalEksPod pod = eks.startPod(account, "checkout-1");

      Map<String, String> environment = pod.environment(); // for the process under test
      URI endpoint = eks.endpoint(); // for EksClient and EksAuthClient

      eks.moveTime(Duration.ofHours(20)); // the kubelet replaces the token
      eks.cluster().rotateKeys();
      eks.faults().switchOn(new Fault.Throttle());
      eks.faults().clear();
      List<LocalEksCall> calls = eks.calls();

      assertThat(environment).hasSize(2);
      assertThat(endpoint).hasHost("127.0.0.1");
      assertThat(calls).isEmpty();
    }
  }
}
