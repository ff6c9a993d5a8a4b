package dev.podidentity.server.local;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code Authorization} header of a signed request, taken apart.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html">
 *     Signature Version 4, authentication methods</a>
 */
record Signature(
    String accessKeyId,
    String date,
    String region,
    String service,
    List<String> signedHeaders,
    String value) {
  static final String ALGORITHM = "AWS4-HMAC-SHA256";

  private static final Pattern FORM =
      Pattern.compile(
          ALGORITHM
              + "\\s+Credential=(?<key>[^/,\\s]{1,128})/(?<date>[0-9]{8})/(?<region>[^/]+)"
              + "/(?<service>[^/]+)/aws4_request,\\s*SignedHeaders=(?<headers>[^,\\s]+),"
              + "\\s*Signature=(?<signature>[0-9a-f]{64})");

  Signature {
    signedHeaders = List.copyOf(signedHeaders);
  }

  /** Null for a header that is no signature. */
  static @Nullable Signature parse(String authorization) {
    Matcher form = FORM.matcher(authorization.strip());
    return form.matches()
        ? new Signature(
            form.group("key"),
            form.group("date"),
            form.group("region"),
            form.group("service"),
            List.of(form.group("headers").split(";", -1)),
            form.group("signature"))
        : null;
  }

  String scope() {
    return date + "/" + region + "/" + service + "/aws4_request";
  }

  @Override
  public String toString() {
    return "Signature[" + accessKeyId + ", " + scope() + "]";
  }
}
