/** An application in a pod that calls AWS with the pod's role. */
@NullMarked
package dev.podidentity.examples.podapplication;

import org.jspecify.annotations.NullMarked;
