/** Work that is done later, and the threads that do it. */
@NullMarked
package dev.podidentity.schedule;

import org.jspecify.annotations.NullMarked;
