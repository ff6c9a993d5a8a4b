/** What an agent asks of its cluster's API server. */
@NullMarked
package dev.podidentity.kubernetes;

import org.jspecify.annotations.NullMarked;
