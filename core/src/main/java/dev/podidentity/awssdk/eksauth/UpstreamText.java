package dev.podidentity.awssdk.eksauth;

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

  /** The service's own words, quoted; nothing where there are none or they are not to be shown. */
  static String quote(SdkException e, ServiceAccountToken token) {
    String text = words(e);
    if (text.isEmpty() || !PRINTABLE.matcher(text).matches() || mayHoldSecrets(e, token)) {
      return "";
    }
    String shown = text.length() > MAX_LENGTH ? text.substring(0, MAX_LENGTH) + "..." : text;
    return ". EKS Auth says: \"" + shown + "\"";
  }

  /** Whether the service repeats the token, or something that looks like a secret. */
  static boolean mayHoldSecrets(SdkException e, ServiceAccountToken token) {
    String text = words(e);
    return text.contains(token.value()) || SECRET_SHAPED.matcher(text).find();
  }

  private static String words(SdkException e) {
    if (e instanceof AwsServiceException service && service.awsErrorDetails() != null) {
      String message = service.awsErrorDetails().errorMessage();
      return message == null ? "" : message;
    }
    return "";
  }
}
