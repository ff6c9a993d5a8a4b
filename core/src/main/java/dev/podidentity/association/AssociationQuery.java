package dev.podidentity.association;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which associations to list, and which page of them. Immutable.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/eks/latest/APIReference/API_ListPodIdentityAssociations.html">
 *     ListPodIdentityAssociations</a>
 */
public final class AssociationQuery {
  /** The most that a page holds, and what it holds if nothing else is said. */
  public static final int MAX_RESULTS = 100;

  private static final AssociationQuery ALL = new AssociationQuery(null, null, MAX_RESULTS, null);

  private final @Nullable String namespace;
  private final @Nullable String serviceAccount;
  private final int maxResults;
  private final @Nullable String nextToken;

  private AssociationQuery(
      @Nullable String namespace,
      @Nullable String serviceAccount,
      int maxResults,
      @Nullable String nextToken) {
    this.namespace = namespace;
    this.serviceAccount = serviceAccount;
    this.maxResults = maxResults;
    this.nextToken = nextToken;
  }

  /** The first page of all associations. */
  public static AssociationQuery all() {
    return ALL;
  }

  /** Only those of this namespace. */
  public AssociationQuery inNamespace(String namespace) {
    return new AssociationQuery(
        requireNonNull(namespace, "namespace"), serviceAccount, maxResults, nextToken);
  }

  /** Only those of service accounts of this name. */
  public AssociationQuery ofServiceAccount(String serviceAccount) {
    return new AssociationQuery(
        namespace, requireNonNull(serviceAccount, "serviceAccount"), maxResults, nextToken);
  }

  /**
   * Pages of at most so many.
   *
   * @throws IllegalArgumentException unless it is 1 to {@value #MAX_RESULTS}
   */
  public AssociationQuery maxResults(int maxResults) {
    if (maxResults < 1 || maxResults > MAX_RESULTS) {
      throw new IllegalArgumentException(
          "maxResults is 1 to " + MAX_RESULTS + ", and not " + maxResults);
    }
    return new AssociationQuery(namespace, serviceAccount, maxResults, nextToken);
  }

  /** The page that follows the one which this token came with; null for the first. */
  public AssociationQuery after(@Nullable String nextToken) {
    return new AssociationQuery(namespace, serviceAccount, maxResults, nextToken);
  }

  /** The namespace to list, if not all. */
  public Optional<String> namespace() {
    return Optional.ofNullable(namespace);
  }

  /** The name of the service accounts to list, if not all. */
  public Optional<String> serviceAccount() {
    return Optional.ofNullable(serviceAccount);
  }

  /** How many a page holds at most. */
  public int maxResults() {
    return maxResults;
  }

  /** Where the page starts, if not at the beginning. */
  public Optional<String> nextToken() {
    return Optional.ofNullable(nextToken);
  }
}
