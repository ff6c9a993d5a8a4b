package dev.podidentity.examples.nodeagent;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Commands of the jar, run in this process: for those that need nothing of the jar itself. */
final class InProcess {
  private static final Map<String, String> ENVIRONMENT = Map.of("AWS_REGION", "us-west-2");

  private InProcess() {}

  static NodeAgentJar.Result run(String... arguments) {
    var err = new ByteArrayOutputStream();
    var out = new ByteArrayOutputStream();
    int exitCode;
    PrintStream usualOut = System.out;
    PrintStream usualErr = System.err;
    try {
      // The program's own texts go through picocli; nothing else may be printed beside them.
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      exitCode =
          NodeAgent.commandLine(ENVIRONMENT, arguments)
              .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
              .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8))
              .execute(arguments);
    } finally {
      System.setOut(usualOut);
      System.setErr(usualErr);
    }
    return new NodeAgentJar.Result(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
