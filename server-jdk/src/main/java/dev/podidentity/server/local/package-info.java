/** The endpoints of an EKS that runs on one machine, for unmodified AWS SDKs. */
@NullMarked
package dev.podidentity.server.local;

import org.jspecify.annotations.NullMarked;
