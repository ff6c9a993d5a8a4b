package dev.podidentity.addon.version;

import static java.util.Objects.requireNonNull;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A version of an add-on, such as {@code v1.3.4-eksbuild.1}. Ordered by its numbers; prints as EKS
 * writes it.
 *
 * @param major the first number
 * @param minor the second number
 * @param patch the third number
 * @param build which build of EKS' it is
 */
public record AddonVersion(int major, int minor, int patch, int build)
    implements Comparable<AddonVersion> {
  private static final Pattern FORM =
      Pattern.compile("v([0-9]{1,6})\\.([0-9]{1,6})\\.([0-9]{1,6})-eksbuild\\.([0-9]{1,6})");
  private static final Comparator<AddonVersion> ORDER =
      Comparator.comparingInt(AddonVersion::major)
          .thenComparingInt(AddonVersion::minor)
          .thenComparingInt(AddonVersion::patch)
          .thenComparingInt(AddonVersion::build);

  /**
   * Reads a version.
   *
   * @throws IllegalArgumentException if the text is none
   */
  public static AddonVersion parse(String text) {
    Matcher form = FORM.matcher(requireNonNull(text, "text"));
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is no version of an add-on: it looks like v1.3.4-eksbuild.1");
    }
    return new AddonVersion(
        Integer.parseInt(form.group(1)),
        Integer.parseInt(form.group(2)),
        Integer.parseInt(form.group(3)),
        Integer.parseInt(form.group(4)));
  }

  @Override
  public int compareTo(AddonVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return "v" + major + "." + minor + "." + patch + "-eksbuild." + build;
  }
}
