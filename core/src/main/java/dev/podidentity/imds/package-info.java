/** Pod credentials that the EC2 instance metadata service has. */
@NullMarked
package dev.podidentity.imds;

import org.jspecify.annotations.NullMarked;
