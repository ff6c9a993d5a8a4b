package dev.podidentity;

/**
 * How often a pod may ask, and all pods of the node together: token buckets. A pod over its limit
 * is told {@link dev.podidentity.credential.FailureReason#TOO_MANY_REQUESTS}, and nobody else
 * notices; when the node is over its limit, requests are told {@link
 * dev.podidentity.credential.FailureReason#OVERLOADED}, which SDKs try again.
 *
 * @param podRate requests a second of one pod in the long run; 0 for no limit
 * @param podBurst requests of one pod at once after a quiet time
 * @param nodeRate requests a second of all pods in the long run; 0 for no limit
 * @param nodeBurst requests of all pods at once after a quiet time
 */
public record RequestLimits(int podRate, int podBurst, int nodeRate, int nodeBurst) {
  private static final RequestLimits DEFAULTS = new RequestLimits(200, 500, 2000, 2000);

  /**
   * Sets limits.
   *
   * @throws IllegalArgumentException if a rate is negative, or a burst is less than 1 where there
   *     is a rate
   */
  public RequestLimits {
    require("podRate", podRate, "podBurst", podBurst);
    require("nodeRate", nodeRate, "nodeBurst", nodeBurst);
  }

  /** 200 requests a second and bursts of 500 for a pod, 2000 and 2000 for the node. */
  public static RequestLimits defaults() {
    return DEFAULTS;
  }

  /** No limits. */
  public static RequestLimits none() {
    return new RequestLimits(0, 0, 0, 0);
  }

  private static void require(String rateName, int rate, String burstName, int burst) {
    if (rate < 0) {
      throw new IllegalArgumentException(rateName + " is " + rate + ": write 0 (no limit) or more");
    }
    if (rate > 0 && burst < 1) {
      throw new IllegalArgumentException(burstName + " is " + burst + ": write 1 or more");
    }
  }
}
