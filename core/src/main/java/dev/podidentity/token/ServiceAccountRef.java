package dev.podidentity.token;

import static java.util.Objects.requireNonNull;

import java.util.regex.Pattern;

/**
 * The name of a Kubernetes service account: its namespace and its own name. Prints as {@code
 * namespace/name}.
 *
 * @param namespace an RFC 1123 label of at most 63 characters
 * @param name an RFC 1123 subdomain of at most 253 characters
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/names/">Object
 *     names</a>
 */
public record ServiceAccountRef(String namespace, String name) {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?");
  private static final int MAX_LABEL = 63;
  private static final Pattern SUBDOMAIN =
      Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final int MAX_SUBDOMAIN = 253;

  /**
   * Names a service account.
   *
   * @throws IllegalArgumentException if a part is not a name that Kubernetes accepts
   */
  public ServiceAccountRef {
    require("namespace", requireNonNull(namespace, "namespace"), LABEL, MAX_LABEL);
    require("service account", requireNonNull(name, "name"), SUBDOMAIN, MAX_SUBDOMAIN);
  }

  /**
   * Reads {@code namespace/name}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static ServiceAccountRef parse(String text) {
    int slash = requireNonNull(text, "text").indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "'" + text + "' does not name a service account: write namespace/name");
    }
    return new ServiceAccountRef(text.substring(0, slash), text.substring(slash + 1));
  }

  // The length is checked first: the expression for a subdomain is not run on unbounded text.
  private static void require(String what, String value, Pattern pattern, int max) {
    if (value.isEmpty() || value.length() > max || !pattern.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'"
              + (value.length() > max ? value.substring(0, max) + "…" : value)
              + "' is no "
              + what
              + " name: at most "
              + max
              + " of a-z, 0-9, '-'"
              + (max == MAX_SUBDOMAIN ? " and '.'" : "")
              + ", starting and ending with a letter or a digit");
    }
  }

  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
