package dev.podidentity.association;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a role is assumed for an association, as a trust policy sees it.
 *
 * @param principalType {@code Service} or {@code AWS}
 * @param principal the service or the role that assumes
 * @param broader what allows it along with others
 * @param tagged whether sessions have tags
 * @param context what conditions are held against, by condition keys in lower case
 */
record TrustRequest(
    String principalType,
    String principal,
    Set<String> broader,
    boolean tagged,
    Map<String, String> context) {

  /** The keys whose values each pod has for itself. */
  private static final Set<String> POD_KEYS = Set.of(SessionTags.POD_NAME, SessionTags.POD_UID);

  private static final Set<String> TAG_PREFIXES = Set.of("aws:requesttag/", "aws:principaltag/");

  static TrustRequest ofService(PodIdentityAssociation association) {
    var context = new HashMap<String, String>();
    context.put("aws:sourceaccount", association.cluster().accountId());
    context.put("aws:sourcearn", association.cluster().toString());
    putTags(context, association, "aws:requesttag/");
    return new TrustRequest(
        "Service", TrustPolicies.SERVICE, Set.of(), !association.disableSessionTags(), context);
  }

  static TrustRequest ofRole(PodIdentityAssociation association, String externalId) {
    RoleArn role = association.roleArn();
    var context = new HashMap<String, String>();
    context.put("sts:externalid", externalId);
    context.put("aws:principalarn", role.toString());
    context.put("aws:principalaccount", role.accountId());
    TAG_PREFIXES.forEach(prefix -> putTags(context, association, prefix));
    String root = "arn:" + role.partition() + ":iam::" + role.accountId() + ":root";
    return new TrustRequest(
        "AWS",
        role.toString(),
        Set.of(root, role.accountId(), "*"),
        !association.disableSessionTags(),
        context);
  }

  private static void putTags(
      Map<String, String> context, PodIdentityAssociation association, String prefix) {
    SessionTags.ofAnyPod(association)
        .asMap()
        .forEach((key, value) -> context.put(prefix + key, value));
  }

  boolean isAllowedAs(String named) {
    return principal.equals(named) || broader.contains(named);
  }

  /** The value of a condition key; null where the request has none. */
  @Nullable String valueOf(String key) {
    return context.get(key.toLowerCase(Locale.ROOT));
  }

  /** Whether the request may have the key, with a value that is not known here. */
  boolean mayHave(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    boolean isTag = TAG_PREFIXES.stream().anyMatch(lower::startsWith);
    if (!isTag) {
      return !context.containsKey(lower);
    }
    return tagged && POD_KEYS.contains(lower.substring(lower.indexOf('/') + 1));
  }
}
