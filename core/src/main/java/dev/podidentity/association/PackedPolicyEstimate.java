package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * How much of the space is likely to be used that STS has for the tags and the policy of a session;
 * past 100 percent it refuses with {@code PackedPolicyTooLarge}.
 *
 * <p>AWS does not publish how it packs. The figures follow what users measured: nine tags of 252
 * characters took 498 percent, and the tags of two sessions simply add up. A policy is taken to
 * pack as DEFLATE does. The true figure is {@code packedPolicySize} in CloudTrail's record of the
 * {@code AssumeRole} call.
 *
 * @param percent the estimate
 * @param likelyFits whether it leaves a margin for its own error
 * @param advice what to do if not; empty if it fits
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">
 *     AssumeRole, PackedPolicySize</a>
 */
public record PackedPolicyEstimate(int percent, boolean likelyFits, List<String> advice) {
  private static final int SPACE_BYTES = 460;
  private static final int BYTES_PER_TAG = 2;
  private static final int SAFE_PERCENT = 90;
  private static final int HUNDRED = 100;

  /** An estimate. */
  public PackedPolicyEstimate {
    advice = List.copyOf(advice);
  }

  static PackedPolicyEstimate of(
      SessionTags tags, Map<String, String> chained, @Nullable SessionPolicy policy) {
    int pod = sizeOf(tags.asMap());
    int own = sizeOf(requireNonNull(chained, "chained"));
    int packedPolicy = policy == null ? 0 : sizeOf(policy);
    int percent = (pod + own + packedPolicy) * HUNDRED / SPACE_BYTES;
    boolean fits = percent <= SAFE_PERCENT;
    return new PackedPolicyEstimate(
        percent, fits, fits ? List.of() : advice(pod, own, packedPolicy));
  }

  private static List<String> advice(int pod, int own, int policy) {
    var advice = new ArrayList<String>();
    if (pod > 0) {
      advice.add(
          "The tags of EKS Pod Identity take "
              + pod * HUNDRED / SPACE_BYTES
              + " % and go along to every role that the pod assumes: set disableSessionTags on the"
              + " association if no policy looks at them, or let the association have a target role"
              + " instead of assuming one in the pod");
    }
    if (own > 0) {
      advice.add(
          "The tags that are passed on take " + own * HUNDRED / SPACE_BYTES + " %: shorten them");
    }
    if (policy > 0) {
      advice.add(
          "The session policy takes "
              + policy * HUNDRED / SPACE_BYTES
              + " %: shorten it, with wildcards or in the role's own policies");
    }
    return advice;
  }

  private static int sizeOf(Map<String, String> tags) {
    return tags.entrySet().stream()
        .mapToInt(tag -> BYTES_PER_TAG + bytes(tag.getKey()).length + bytes(tag.getValue()).length)
        .sum();
  }

  private static int sizeOf(SessionPolicy policy) {
    var deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      byte[] json = bytes(policy.json());
      deflater.setInput(json);
      deflater.finish();
      return deflater.deflate(new byte[json.length + HUNDRED]);
    } finally {
      deflater.end();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
