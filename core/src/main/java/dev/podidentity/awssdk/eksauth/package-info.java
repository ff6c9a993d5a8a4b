/**
 * What an agent needs of the AWS SDK: the credentials of its node, and EKS Auth, which is asked
 * with them. Needs the AWS SDK's {@code eksauth}, which {@code pod-identity-core} does not bring.
 */
@NullMarked
package dev.podidentity.awssdk.eksauth;

import org.jspecify.annotations.NullMarked;
