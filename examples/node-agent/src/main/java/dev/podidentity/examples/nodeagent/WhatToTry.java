package dev.podidentity.examples.nodeagent;

import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;

/** The next steps of somebody who has a local cluster running. */
final class WhatToTry {
  private WhatToTry() {}

  static void print(PrintWriter out, URI eks, URI agent, Path tokenFile) {
    out.println();
    out.println("Try, in another terminal, with the two export lines above:");
    out.printf("  curl -sS -H \"Authorization: $(cat %s)\" %s%n", tokenFile, agent);
    out.println("  aws configure list");
    out.println("  java -jar node-agent.jar doctor");
    out.printf(
        "  aws --endpoint-url %s --region us-west-2 eks list-pod-identity-associations"
            + " --cluster-name my-cluster%n",
        eks);
    out.println("or in Java, with software.amazon.awssdk:auth:");
    out.println("  var credentials = ContainerCredentialsProvider.create().resolveCredentials();");
    out.println("  System.out.println(credentials.accessKeyId());");
    out.println();
    out.println("Press Ctrl-C to stop.");
    out.flush();
  }
}
