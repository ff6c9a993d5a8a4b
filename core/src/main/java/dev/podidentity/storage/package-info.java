/** Files that are whole whatever happens to the process that writes them; not exported. */
@NullMarked
package dev.podidentity.storage;

import org.jspecify.annotations.NullMarked;
