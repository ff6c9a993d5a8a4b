/** Kubernetes service account tokens: what a token says, and whether it can be believed. */
@NullMarked
package dev.podidentity.token;

import org.jspecify.annotations.NullMarked;
