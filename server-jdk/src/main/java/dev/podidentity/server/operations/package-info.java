/** What an operator asks of a node agent over HTTP: probes, metrics, entries. */
@NullMarked
package dev.podidentity.server.operations;

import org.jspecify.annotations.NullMarked;
