/**
 * Carries the add-on out on the nodes of a cluster: creates, updates and deletes it, rolls its
 * agents over, undoes what does not work, and keeps all of it through restarts.
 */
@NullMarked
package dev.podidentity.addon.rollout;

import org.jspecify.annotations.NullMarked;
