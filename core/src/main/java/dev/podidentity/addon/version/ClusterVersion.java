package dev.podidentity.addon.version;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The versions of an EKS cluster.
 *
 * @param kubernetes the Kubernetes version, such as {@code 1.33}
 * @param platform the number of EKS' platform version: 4 for {@code eks.4}
 * @see <a href="https://docs.aws.amazon.com/eks/latest/userguide/platform-versions.html">Platform
 *     versions</a>
 */
public record ClusterVersion(String kubernetes, int platform) {
  private static final Pattern KUBERNETES = Pattern.compile("1\\.[0-9]{1,3}");
  private static final Pattern PLATFORM = Pattern.compile("eks\\.([0-9]{1,6})");

  /**
   * Checks the versions.
   *
   * @throws IllegalArgumentException if one of them is none
   */
  public ClusterVersion {
    if (!KUBERNETES.matcher(requireNonNull(kubernetes, "kubernetes")).matches()) {
      throw new IllegalArgumentException(
          "'" + kubernetes + "' is no Kubernetes version: it looks like 1.33");
    }
    if (platform < 1) {
      throw new IllegalArgumentException("The first platform version is eks.1, not " + platform);
    }
  }

  /**
   * Reads the versions as EKS writes them.
   *
   * @param kubernetes such as {@code 1.33}
   * @param platformVersion such as {@code eks.4}
   * @throws IllegalArgumentException if one of them is none
   */
  public static ClusterVersion parse(String kubernetes, String platformVersion) {
    return new ClusterVersion(kubernetes, platformNumber(platformVersion));
  }

  static int platformNumber(String platformVersion) {
    Matcher form = PLATFORM.matcher(requireNonNull(platformVersion, "platformVersion"));
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + platformVersion + "' is no platform version: it looks like eks.4");
    }
    return Integer.parseInt(form.group(1));
  }

  /** The platform version as EKS writes it. */
  public String platformVersion() {
    return "eks." + platform;
  }

  @Override
  public String toString() {
    return kubernetes + " (" + platformVersion() + ")";
  }
}
