/** A node daemon that embeds the library: the agent, and a local cluster to try it with. */
@NullMarked
package dev.podidentity.examples.nodeagent;

import org.jspecify.annotations.NullMarked;
