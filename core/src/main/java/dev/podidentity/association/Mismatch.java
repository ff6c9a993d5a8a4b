package dev.podidentity.association;

import java.time.Instant;
import java.util.List;

/** One reason why a token leads to no association. Each says what is wrong and what to do. */
public sealed interface Mismatch {
  /** What is wrong and what to do, for the owner of the pod; holds no part of the token. */
  String message();

  /** The text is no service account token. */
  record Unreadable(String message) implements Mismatch {}

  /**
   * The token is meant for somebody else.
   *
   * @param audiences whom it is meant for
   */
  record WrongAudience(List<String> audiences) implements Mismatch {
    /** The audiences are copied. */
    public WrongAudience {
      audiences = List.copyOf(audiences);
    }

    @Override
    public String message() {
      return "The token is meant for "
          + audiences
          + " and not for pods.eks.amazonaws.com: use the token that EKS Pod Identity mounts, not"
          + " the default one";
    }
  }

  /**
   * The token's life is over.
   *
   * @param at when it ended
   */
  record Expired(Instant at) implements Mismatch {
    @Override
    public String message() {
      return "The token expired at " + at + ": read its file again before each request";
    }
  }

  /**
   * The token's life has not begun.
   *
   * @param before when it begins
   */
  record NotYetValid(Instant before) implements Mismatch {
    @Override
    public String message() {
      return "The token is not valid before "
          + before
          + ": check that the clocks of the node and of the control plane agree";
    }
  }

  /** The cluster did not make the token, or the keys to tell are not to be had. */
  record NotGenuine(String message) implements Mismatch {}

  /**
   * Nobody has associated the service account.
   *
   * @param serviceAccount {@code namespace/name}
   * @param clusterName the cluster
   */
  record NoAssociation(String serviceAccount, String clusterName) implements Mismatch {
    @Override
    public String message() {
      return "Service account "
          + serviceAccount
          + " has no association in cluster "
          + clusterName
          + ": create one with 'aws eks create-pod-identity-association', or check which service"
          + " account the pod runs as";
    }
  }

  /**
   * An association is there for a service account whose name looks almost the same.
   *
   * @param serviceAccount the one that has the association
   * @param associationId the association
   */
  record SimilarServiceAccount(String serviceAccount, String associationId) implements Mismatch {
    @Override
    public String message() {
      return "Service account "
          + serviceAccount
          + " has association "
          + associationId
          + ": if that one is meant, correct the pod's serviceAccountName and namespace, or"
          + " associate this one";
    }
  }
}
