package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import dev.podidentity.token.ServiceAccountRef;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Associations in a concurrent map: reads take no lock. */
final class InMemoryAssociationStore implements AssociationStore {
  private static final String ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final int ID_LENGTH = 17;

  private record Key(String clusterName, ServiceAccountRef serviceAccount) {}

  private final Map<Key, PodIdentityAssociation> associations = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final String region;

  InMemoryAssociationStore(String region) {
    this.region = requireNonNull(region, "region");
  }

  @Override
  public Optional<PodIdentityAssociation> find(
      String clusterName, ServiceAccountRef serviceAccount) {
    return Optional.ofNullable(associations.get(new Key(clusterName, serviceAccount)));
  }

  @Override
  public PodIdentityAssociation create(
      String clusterName, ServiceAccountRef serviceAccount, RoleArn roleArn) {
    var created = associate(clusterName, serviceAccount, roleArn);
    if (associations.putIfAbsent(new Key(clusterName, serviceAccount), created) != null) {
      throw new IllegalStateException(
          "Service account "
              + serviceAccount
              + " in cluster "
              + clusterName
              + " has an association already: update or delete that one");
    }
    return created;
  }

  private PodIdentityAssociation associate(
      String clusterName, ServiceAccountRef serviceAccount, RoleArn roleArn) {
    String id = "a-" + randomId();
    return PodIdentityAssociation.builder()
        .clusterName(clusterName)
        .serviceAccount(serviceAccount)
        .roleArn(roleArn)
        .associationId(id)
        .associationArn(
            "arn:%s:eks:%s:%s:podidentityassociation/%s/%s"
                .formatted(roleArn.partition(), region, roleArn.accountId(), clusterName, id))
        .build();
  }

  private String randomId() {
    return random
        .ints(ID_LENGTH, 0, ID_ALPHABET.length())
        .mapToObj(i -> ID_ALPHABET.substring(i, i + 1))
        .collect(Collectors.joining());
  }
}
