package dev.podidentity.examples.nodeagent;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log: to stderr, and in code, which starts quicker than a file that has to be read.
 * Logback finds this class as a service before the command line is known; {@link #apply} follows.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  private static final String OURS = "dev.podidentity";
  private static final String KUBERNETES_CLIENT = "io.fabric8";
  private static final String APPENDER = "stderr";

  /** For Logback. */
  public Logging() {}

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    context.getLogger(OURS).setLevel(Level.INFO);
    context.getLogger(KUBERNETES_CLIENT).setLevel(Level.OFF);
    write(context, LogFormat.JSON);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * From now on, this much is logged and looks like this. The AWS SDK's own loggers stay at {@code
   * WARN}: at {@code DEBUG} they write the requests that they sign. The Kubernetes client logs
   * every attempt with its stack trace, which {@link WatchReport} sums up; it is heard from {@code
   * DEBUG} on.
   */
  static void apply(Verbosity verbosity, LogFormat format) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(OURS).setLevel(verbosity.level());
      boolean all = Level.DEBUG.isGreaterOrEqual(verbosity.level());
      context.getLogger(KUBERNETES_CLIENT).setLevel(all ? Level.WARN : Level.OFF);
      write(context, format);
    }
  }

  private static void write(LoggerContext context, LogFormat format) {
    var encoder = format.encoder();
    encoder.setContext(context);
    encoder.start();
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setName(APPENDER);
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAppender(APPENDER);
    root.addAppender(appender);
  }
}
