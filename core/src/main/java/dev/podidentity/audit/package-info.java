/** The audit trail: who got which role's credentials, and who did not. */
@NullMarked
package dev.podidentity.audit;

import org.jspecify.annotations.NullMarked;
