/** The chart, rendered and held against what is checked in and against Kubernetes' own types. */
@NullMarked
package dev.podidentity.examples.kubernetes;

import org.jspecify.annotations.NullMarked;
