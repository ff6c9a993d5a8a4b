package dev.podidentity.association;

import dev.podidentity.token.PodRef;
import dev.podidentity.token.ServiceAccountToken;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The name of the role session that a pod's credentials belong to: {@code
 * eks-<cluster>-<pod>-<uuid>}, within the 64 characters and the alphabet of STS.
 *
 * @see <a href="https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html">
 *     AssumeRole, RoleSessionName</a>
 */
public final class RoleSessionName {
  private static final int MAX_LENGTH = 64;
  private static final Pattern NOT_ALLOWED = Pattern.compile("[^\\w+=,.@-]");

  private RoleSessionName() {}

  /**
   * Names a session.
   *
   * @param clusterName the pod's cluster
   * @param token the pod's token; one that is bound to no pod is named by its service account
   * @param unique what tells this session from the others of the pod
   */
  public static String of(String clusterName, ServiceAccountToken token, UUID unique) {
    String pod = token.pod().map(PodRef::name).orElse(token.serviceAccount().name());
    String readable = NOT_ALLOWED.matcher("eks-" + clusterName + "-" + pod).replaceAll("-");
    int room = MAX_LENGTH - 1 - unique.toString().length();
    return readable.substring(0, Math.min(room, readable.length())) + "-" + unique;
  }
}
