package dev.podidentity.server;

import com.sun.net.httpserver.spi.HttpServerProvider;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;

/**
 * robaho's httpserver, whose jar {@code -Panother-http-server} puts beside the class path: on it,
 * the server would take the JDK's place in every other test.
 */
final class AnotherProvider {
  static final String NEEDS = "robaho's httpserver needs JDK 21 or later";

  /** From the folder of the module. */
  static final Path JAR = Path.of("target/another-http-server/httpserver.jar");

  private AnotherProvider() {}

  /** The provider; its class loader is never closed, for its threads go on loading classes. */
  static HttpServerProvider get() {
    try {
      var loader = new URLClassLoader(new URL[] {JAR.toUri().toURL()});
      return (HttpServerProvider)
          loader
              .loadClass("robaho.net.httpserver.DefaultHttpServerProvider")
              .getConstructor()
              .newInstance();
    } catch (MalformedURLException | ReflectiveOperationException e) {
      throw new AssertionError(JAR + " is not there: run Maven with -Panother-http-server", e);
    }
  }
}
