/**
 * Bounded HTTP requests to servers of the node and of the cluster, and which hosts are asked
 * through no proxy; not exported.
 */
@NullMarked
package dev.podidentity.http;

import org.jspecify.annotations.NullMarked;
