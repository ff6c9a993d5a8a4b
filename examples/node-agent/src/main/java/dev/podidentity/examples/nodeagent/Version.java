package dev.podidentity.examples.nodeagent;

import picocli.CommandLine.IVersionProvider;

/** The version of the jar that runs. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }

  static String text() {
    String version = NodeAgent.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
