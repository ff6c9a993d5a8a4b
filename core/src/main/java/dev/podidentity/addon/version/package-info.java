/** The versions of the EKS Pod Identity Agent add-on, and the clusters that they are for. */
@NullMarked
package dev.podidentity.addon.version;

import org.jspecify.annotations.NullMarked;
