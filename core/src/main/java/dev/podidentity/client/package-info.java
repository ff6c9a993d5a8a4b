/**
 * How a pod asks its agent, once: which settings count, where a token may go, what an answer means.
 * It knows no SDK; not exported.
 */
@NullMarked
package dev.podidentity.client;

import org.jspecify.annotations.NullMarked;
