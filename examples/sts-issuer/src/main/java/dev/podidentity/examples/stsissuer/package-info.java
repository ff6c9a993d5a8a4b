/** Real credentials for pods outside EKS, issued by AWS STS. */
@NullMarked
package dev.podidentity.examples.stsissuer;

import org.jspecify.annotations.NullMarked;
