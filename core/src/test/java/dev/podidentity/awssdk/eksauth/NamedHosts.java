package dev.podidentity.awssdk.eksauth;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.utils.AttributeMap;

/** A network in which some names are known and some are not. */
final class NamedHosts implements SdkHttpClient, SdkHttpClient.Builder<NamedHosts> {
  private static final Pattern SCOPE = Pattern.compile("Credential=[^/]+/\\d+/([^,]+),");
  private static final String NO_ASSOCIATION = "{\"message\":\"No association\"}";

  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final List<String> signedFor = new CopyOnWriteArrayList<>();
  private volatile Set<String> answering = Set.of();
  private volatile Set<String> refusing = Set.of();
  private volatile boolean closed;

  NamedHosts answering(String... names) {
    answering = Set.of(names);
    return this;
  }

  void refusing(String... names) {
    refusing = Set.of(names);
  }

  List<String> asked() {
    return asked;
  }

  List<String> signedFor() {
    return signedFor;
  }

  boolean closed() {
    return closed;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        return answer(request);
      }

      @Override
      public void abort() {}
    };
  }

  private HttpExecuteResponse answer(HttpExecuteRequest request) throws IOException {
    String host = request.httpRequest().host();
    asked.add(host);
    Matcher scope =
        SCOPE.matcher(request.httpRequest().firstMatchingHeader("Authorization").orElse(""));
    if (scope.find()) {
      signedFor.add(scope.group(1));
    }
    if (refusing.contains(host)) {
      throw new ConnectException("Connection refused");
    }
    if (!answering.contains(host)) {
      throw new UnknownHostException(host + ": Name or service not known");
    }
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpFullResponse.builder()
                .statusCode(404)
                .putHeader("x-amzn-ErrorType", "ResourceNotFoundException")
                .build())
        .responseBody(
            AbortableInputStream.create(
                new ByteArrayInputStream(NO_ASSOCIATION.getBytes(StandardCharsets.UTF_8))))
        .build();
  }

  @Override
  public SdkHttpClient buildWithDefaults(AttributeMap serviceDefaults) {
    return this;
  }

  @Override
  public SdkHttpClient build() {
    return this;
  }

  @Override
  public void close() {
    closed = true;
  }
}
