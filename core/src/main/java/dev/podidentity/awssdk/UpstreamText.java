package dev.podidentity.awssdk;

import dev.podidentity.token.ServiceAccountToken;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What EKS Auth says of a failure, made fit to be shown to a pod. */
final class UpstreamText {
  private static final int MAX_LENGTH = 300;
  private static final Pattern PRINTABLE = Pattern.compile("[\\x20-\\x7e]+");
  private static final Pattern SECRET_SHAPED = Pattern.compile("[A-Za-z0-9_/+=-]{100,}");

  private UpstreamText() {}

  /** The service's own words, quoted; nothing where there are none or where they may be secret. */
  static String quote(SdkException e, ServiceAccountToken token) {
    if (!(e instanceof AwsServiceException service) || service.awsErrorDetails() == null) {
      return "";
    }
    String text = service.awsErrorDetails().errorMessage();
    boolean fit =
        text != null
            && PRINTABLE.matcher(text).matches()
            && !text.contains(token.value())
            && !SECRET_SHAPED.matcher(text).find();
    if (!fit) {
      return "";
    }
    String shown = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
    return ". EKS Auth says: \"" + shown + "\"";
  }
}
