/** Everything that touches the AWS SDK for Java: the only package that may import it. */
@NullMarked
package dev.podidentity.awssdk;

import org.jspecify.annotations.NullMarked;
