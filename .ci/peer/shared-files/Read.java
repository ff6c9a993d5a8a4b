import dev.podidentity.awssdk.eksauth.NodeCredentials;
import java.nio.file.Path;
import java.time.Clock;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Prints what the node agent reads of each shared credentials file that is named, behind "= ". */
class Read {
  public static void main(String[] files) {
    for (String file : files) {
      Path path = Path.of(file);
      String keys = "nothing";
      try (var node = NodeCredentials.rotatedFile(path, "default", Clock.systemUTC())) {
        AwsCredentials read = node.resolveCredentials();
        String token =
            read instanceof AwsSessionCredentials session ? session.sessionToken() : "";
        keys = quoted(read.accessKeyId()) + " " + quoted(read.secretAccessKey()) + " " + quoted(token);
      } catch (SdkClientException e) {
        // There are no keys in it.
      }
      System.out.println("= " + path.getFileName() + ": " + keys);
    }
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\\\"") + '"';
  }
}
