/** Finds out why pod identity works, or does not, where a process runs. */
@NullMarked
package dev.podidentity.doctor;

import org.jspecify.annotations.NullMarked;
