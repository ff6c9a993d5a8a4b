package dev.podidentity.association;

import dev.podidentity.token.ServiceAccountRef;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a store holds, found by service account, by id, and in order. Reads take no lock; its one
 * writer at a time is seen to by the journal.
 */
final class AssociationIndex {
  private static final String TOKEN_PREFIX = "v1:";

  private final Map<ServiceAccountRef, StoredAssociation> byServiceAccount =
      new ConcurrentHashMap<>();
  private final Map<String, StoredAssociation> byId = new ConcurrentHashMap<>();
  private final Map<String, String> idByRequestToken = new ConcurrentHashMap<>();
  private final ConcurrentNavigableMap<String, StoredAssociation> inOrder =
      new ConcurrentSkipListMap<>();

  @Nullable StoredAssociation find(ServiceAccountRef serviceAccount) {
    return byServiceAccount.get(serviceAccount);
  }

  @Nullable StoredAssociation find(String associationId) {
    return byId.get(associationId);
  }

  @Nullable StoredAssociation createdWith(String requestToken) {
    String id = idByRequestToken.get(requestToken);
    return id == null ? null : byId.get(id);
  }

  int size() {
    return byId.size();
  }

  Stream<StoredAssociation> all() {
    return inOrder.values().stream();
  }

  void apply(AssociationChange change) {
    if (change instanceof AssociationChange.Put put) {
      put(put.stored());
    } else if (change instanceof AssociationChange.Delete delete) {
      delete(delete.associationId());
    }
  }

  private void put(StoredAssociation stored) {
    byId.put(stored.id(), stored);
    byServiceAccount.put(stored.serviceAccount(), stored);
    inOrder.put(stored.serviceAccount().toString(), stored);
    if (stored.created() != null) {
      idByRequestToken.put(stored.created().token(), stored.id());
    }
  }

  private void delete(String associationId) {
    StoredAssociation gone = byId.remove(associationId);
    if (gone == null) {
      return;
    }
    byServiceAccount.remove(gone.serviceAccount());
    inOrder.remove(gone.serviceAccount().toString());
    if (gone.created() != null) {
      idByRequestToken.remove(gone.created().token());
    }
  }

  AssociationPage page(AssociationQuery query) {
    var found = new ArrayList<PodIdentityAssociation>();
    Iterator<StoredAssociation> candidates = range(query).values().iterator();
    while (candidates.hasNext()) {
      PodIdentityAssociation candidate = candidates.next().association();
      if (!query.serviceAccount().map(candidate.serviceAccount().name()::equals).orElse(true)) {
        continue;
      }
      if (found.size() == query.maxResults()) {
        return new AssociationPage(found, Optional.of(tokenAfter(found)));
      }
      found.add(candidate);
    }
    return new AssociationPage(found, Optional.empty());
  }

  // Keys are namespace/name, and '0' is the character behind '/'.
  private ConcurrentNavigableMap<String, StoredAssociation> range(AssociationQuery query) {
    var range =
        query
            .namespace()
            .map(namespace -> inOrder.subMap(namespace + "/", true, namespace + "0", false))
            .orElse(inOrder);
    String start = query.nextToken().map(AssociationIndex::lastOf).orElse(null);
    if (start == null) {
      return range;
    }
    try {
      return range.tailMap(start, false);
    } catch (IllegalArgumentException e) {
      throw notAToken();
    }
  }

  private static String tokenAfter(List<PodIdentityAssociation> page) {
    String last = TOKEN_PREFIX + page.get(page.size() - 1).serviceAccount();
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(last.getBytes(StandardCharsets.UTF_8));
  }

  private static String lastOf(String token) {
    try {
      String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
      if (text.startsWith(TOKEN_PREFIX)) {
        return text.substring(TOKEN_PREFIX.length());
      }
    } catch (IllegalArgumentException e) {
      throw notAToken();
    }
    throw notAToken();
  }

  private static AssociationException notAToken() {
    return new AssociationException(
        AssociationFailure.INVALID_PARAMETER,
        "nextToken is not one that the page before came with, for the same filters");
  }
}
