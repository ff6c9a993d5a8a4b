/** JSON read strictly from untrusted text; not exported. */
@NullMarked
package dev.podidentity.json;

import org.jspecify.annotations.NullMarked;
