/**
 * What every endpoint here shares: answers made before a byte is written, listeners that can be
 * drained, and the JDK server's settings; not exported.
 */
@NullMarked
package dev.podidentity.server.http;

import org.jspecify.annotations.NullMarked;
