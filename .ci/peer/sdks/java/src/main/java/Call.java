import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.services.sts.StsClient;

/** Asks STS who the caller is, once for each line of input. */
public final class Call {
  private Call() {}

  public static void main(String[] arguments) throws IOException {
    try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        StsClient sts = StsClient.create()) {
      System.out.println("ready");
      while (lines.readLine() != null) {
        System.out.println(sts.getCallerIdentity().arn());
      }
    }
  }
}
