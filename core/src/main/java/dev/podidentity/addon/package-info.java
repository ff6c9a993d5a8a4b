/**
 * The EKS Pod Identity Agent add-on as EKS' API has it: its state, its updates, and what is asked
 * of it. {@code dev.podidentity.addon.rollout} carries it out.
 */
@NullMarked
package dev.podidentity.addon;

import org.jspecify.annotations.NullMarked;
