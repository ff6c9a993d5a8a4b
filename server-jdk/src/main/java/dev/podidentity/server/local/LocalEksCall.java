package dev.podidentity.server.local;

import java.time.Instant;
import java.util.Optional;

/**
 * A call that a local EKS was asked.
 *
 * @param at when, by the cluster's clock
 * @param operation the operation's name, as the service's model has it
 * @param accessKeyId the access key that it was signed with, if it was signed
 * @param status the HTTP status of the answer; 0 if a fault kept the answer back
 */
public record LocalEksCall(
    Instant at, String operation, Optional<String> accessKeyId, int status) {}
