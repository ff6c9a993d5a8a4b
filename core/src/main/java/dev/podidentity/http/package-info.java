/** Bounded HTTP requests to servers of the node and of the cluster; not exported. */
@NullMarked
package dev.podidentity.http;

import org.jspecify.annotations.NullMarked;
