package dev.podidentity;

import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs this module's benchmarks; the ones that are chosen may all be another module's. */
final class Benchmarks {
  private Benchmarks() {}

  /** Takes an expression for the names of those to run; {@code .*} for all. */
  public static void main(String[] args) throws RunnerException {
    try {
      new Runner(new OptionsBuilder().include(args[0]).build()).run();
    } catch (NoBenchmarksException e) {
      System.out.println("no benchmark of core is named like " + args[0]);
    }
  }
}
