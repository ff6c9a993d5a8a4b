/** What one client may have at once and over time, and how it is given back; not exported. */
@NullMarked
package dev.podidentity.limit;

import org.jspecify.annotations.NullMarked;
