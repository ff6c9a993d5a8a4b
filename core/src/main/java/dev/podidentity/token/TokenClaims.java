package dev.podidentity.token;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.podidentity.json.StrictJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The claims that Kubernetes writes, each read with its type or refused. */
final class TokenClaims {
  private static final String SUBJECT_PREFIX = "system:serviceaccount:";
  private static final String KUBERNETES = "kubernetes.io";

  /** The last second of the year 9999: beyond it, no date that can be written as RFC 3339. */
  private static final long MAX_EPOCH_SECOND = 253_402_300_799L;

  private final ObjectNode claims;

  TokenClaims(ObjectNode claims) {
    this.claims = claims;
  }

  String issuer() {
    return required(claims, "iss");
  }

  // A token says whom it speaks for in 'sub', and again in 'kubernetes.io': both must agree.
  ServiceAccountRef serviceAccount() {
    String subject = required(claims, "sub");
    if (!subject.startsWith(SUBJECT_PREFIX)) {
      throw TokenParser.malformed("has a subject that is no service account");
    }
    var ref = ref(subject.substring(SUBJECT_PREFIX.length()).replaceFirst(":", "/"));
    ObjectNode kubernetes = object(claims, KUBERNETES);
    if (kubernetes != null) {
      ObjectNode account = object(kubernetes, "serviceaccount");
      requireSame(StrictJson.text(kubernetes, "namespace"), ref.namespace());
      requireSame(account == null ? null : StrictJson.text(account, "name"), ref.name());
    }
    return ref;
  }

  @Nullable String serviceAccountUid() {
    ObjectNode account = kubernetes("serviceaccount");
    return account == null ? null : StrictJson.text(account, "uid");
  }

  @Nullable PodRef pod() {
    ObjectNode pod = kubernetes("pod");
    return pod == null ? null : new PodRef(required(pod, "name"), required(pod, "uid"));
  }

  List<String> audiences() {
    JsonNode audience = claims.get("aud");
    if (audience == null) {
      return List.of();
    }
    if (audience.isTextual()) {
      return List.of(audience.textValue());
    }
    if (!audience.isArray()) {
      throw wrongType("aud");
    }
    var all = new ArrayList<String>();
    for (JsonNode element : audience) {
      if (!element.isTextual()) {
        throw wrongType("aud");
      }
      all.add(element.textValue());
    }
    return List.copyOf(all);
  }

  Instant time(String claim) {
    Instant time = optionalTime(claim);
    if (time == null) {
      throw TokenParser.malformed("does not have the claim '" + claim + "'");
    }
    return time;
  }

  // RFC 7519, section 2: a NumericDate may have a fraction, which is of no use here.
  @Nullable Instant optionalTime(String claim) {
    JsonNode node = claims.get(claim);
    if (node == null) {
      return null;
    }
    double seconds = node.isNumber() ? node.doubleValue() : Double.NaN;
    if (!(seconds >= 0 && seconds <= MAX_EPOCH_SECOND)) {
      throw wrongType(claim);
    }
    return Instant.ofEpochSecond((long) seconds);
  }

  private @Nullable ObjectNode kubernetes(String member) {
    ObjectNode kubernetes = object(claims, KUBERNETES);
    return kubernetes == null ? null : object(kubernetes, member);
  }

  private static @Nullable ObjectNode object(ObjectNode parent, String name) {
    JsonNode node = parent.get(name);
    if (node != null && !(node instanceof ObjectNode)) {
      throw wrongType(name);
    }
    return (ObjectNode) node;
  }

  private static String required(ObjectNode parent, String name) {
    String text = StrictJson.text(parent, name);
    if (text == null || text.isEmpty()) {
      throw TokenParser.malformed("does not have the claim '" + name + "'");
    }
    return text;
  }

  private static ServiceAccountRef ref(String text) {
    try {
      return ServiceAccountRef.parse(text);
    } catch (IllegalArgumentException e) {
      throw TokenParser.malformed("has a subject that is no service account");
    }
  }

  private static void requireSame(@Nullable String claimed, String subject) {
    if (!subject.equals(claimed)) {
      throw TokenParser.malformed(
          "names different service accounts in its subject and in its 'kubernetes.io' claim");
    }
  }

  private static InvalidTokenException wrongType(String claim) {
    return TokenParser.malformed("has a claim '" + claim + "' of the wrong type");
  }
}
