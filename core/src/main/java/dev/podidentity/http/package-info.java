/**
 * HTTP requests of bounded size and time, to servers of the node, of the cluster and of AWS, and
 * which proxy is asked for whom; not exported.
 */
@NullMarked
package dev.podidentity.http;

import org.jspecify.annotations.NullMarked;
