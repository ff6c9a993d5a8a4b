package dev.podidentity.addon.rollout;

import java.util.Optional;

/**
 * Starts and stops agents on nodes. Calls come on the executor's threads, at most one at a time for
 * a node, and never while a lock is held. A call may block; one that takes longer than {@link
 * RolloutSettings#startTimeout} is interrupted and counts as failed, but the node is not called
 * again before it returns. Whatever is thrown is a failure of that one call; its message is shown
 * in statuses and update histories, so it has no secrets.
 */
public interface NodeAgents {
  /**
   * Has the node run an agent of this revision, in place of what runs there, and returns when it is
   * ready. After a failure the node is taken to run none.
   *
   * @param node the name of the node
   * @param revision the revision; {@code revision.template().values().agentSettings()} is what the
   *     agent is to be configured with
   * @throws Exception if the agent does not get ready
   */
  void start(String node, AgentRevision revision) throws Exception;

  /**
   * Has the node run no agent; does nothing if it runs none.
   *
   * @param node the name of the node
   * @throws Exception if the agent cannot be stopped
   */
  void stop(String node) throws Exception;

  /**
   * Which revision's agent is ready on a node that has just become known: agents may have outlived
   * the process that started them. Nothing, if not overridden: the node is given an agent.
   *
   * @param node the name of the node
   * @return the {@linkplain AgentRevision#id id} of the revision
   * @throws Exception if it cannot be said; the node is given an agent
   */
  default Optional<String> running(String node) throws Exception {
    return Optional.empty();
  }
}
