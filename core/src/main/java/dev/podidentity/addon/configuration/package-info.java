/**
 * The configuration values of the EKS Pod Identity Agent add-on: what EKS takes with {@code
 * --configuration-values}, and what it means to the agent.
 */
@NullMarked
package dev.podidentity.addon.configuration;

import org.jspecify.annotations.NullMarked;
