/**
 * The credentials provider for applications in pods. This package and those below it are the only
 * ones that may import the AWS SDK for Java.
 */
@NullMarked
package dev.podidentity.awssdk;

import org.jspecify.annotations.NullMarked;
