/**
 * The engine in front of a credential source: one call at a time for a pod, renewed ahead, never
 * lost to a client that gave up.
 */
@NullMarked
package dev.podidentity.credential.cache;

import org.jspecify.annotations.NullMarked;
