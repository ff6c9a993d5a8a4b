package dev.podidentity.server.local;

import dev.podidentity.server.http.Answer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One operation, and where it is found.
 *
 * @param name as the service's model has it
 * @param method the HTTP method
 * @param path the path, still encoded; its groups are what it holds
 * @param signed whether it is an AWS operation, which clients sign
 * @param code what it does
 */
record EksOperation(String name, String method, Pattern path, boolean signed, Code code) {
  /** Answers a request. */
  @FunctionalInterface
  interface Code {
    Answer answer(EksRequest request);
  }

  static EksOperation aws(String name, String method, String path, Code code) {
    return new EksOperation(name, method, Pattern.compile(path), true, code);
  }

  static EksOperation kubernetes(String name, String method, String path, Code code) {
    return new EksOperation(name, method, Pattern.compile(path), false, code);
  }

  /** What the path holds, decoded; null if it is another operation's. */
  @Nullable List<String> match(String method, String rawPath) {
    Matcher matcher = path.matcher(rawPath);
    if (!this.method.equals(method) || !matcher.matches()) {
      return null;
    }
    return IntStream.rangeClosed(1, matcher.groupCount())
        .mapToObj(group -> Urls.decode(matcher.group(group)))
        .toList();
  }
}
