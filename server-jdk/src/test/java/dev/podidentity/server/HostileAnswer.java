package dev.podidentity.server;

import java.io.IOException;

/** What an EKS Auth answers that has gone wrong, or that somebody else has taken the place of. */
@SuppressWarnings("ImmutableEnumChecker") // the scripts keep nothing
enum HostileAnswer {
  NOTHING(wire -> wire.close()),
  SILENCE(wire -> wire.fallSilent()),
  NO_HTTP(wire -> wire.text("220 mail.example ESMTP\r\n\r\n")),
  HALF_A_STATUS_LINE(wire -> closeAfter(wire, "HTTP/1.")),
  HALF_A_HEADER(wire -> closeAfter(wire, "HTTP/1.1 200 OK\r\nContent-Le")),
  SLOW_HEADERS(wire -> trickleAfter(wire, "HTTP/1.1 200 OK\r\n", "X-More: y\r\n")),
  ENDLESS_HEADERS(wire -> floodAfter(wire, "HTTP/1.1 200 OK\r\n", "X-More: yyyy\r\n")),
  ENDLESS_HEADER(wire -> floodAfter(wire, "HTTP/1.1 200 OK\r\nX-More: ", "y")),
  ENDLESS_STATUS_LINE(wire -> floodAfter(wire, "HTTP/1.1 200 ", "y")),
  ENDLESS_INTERIM_ANSWERS(wire -> floodAfter(wire, "", "HTTP/1.1 100 Continue\r\n\r\n")),
  SLOW_BODY(wire -> trickleAfter(wire, head("Content-Length: 100000") + "{\"x\":\"", "x")),
  SLOW_ERROR(
      wire -> trickleAfter(wire, "HTTP/1.1 400 X\r\nContent-Length: 100000\r\n\r\n{\"x\":\"", "x")),
  SLOW_CHUNK(wire -> trickleAfter(wire, head("Transfer-Encoding: chunked") + "4", ";x=y")),
  SLOW_TRAILERS(
      wire -> trickleAfter(wire, head("Transfer-Encoding: chunked") + "0\r\n", "X-More: y\r\n")),
  ENDLESS_CHUNK_EXTENSION(
      wire -> floodAfter(wire, head("Transfer-Encoding: chunked") + "4;x=", "y")),
  ENDLESS_TRAILERS(
      wire -> floodAfter(wire, head("Transfer-Encoding: chunked") + "0\r\n", "X-More: yyyy\r\n")),
  ENDLESS_TRAILER(
      wire -> floodAfter(wire, head("Transfer-Encoding: chunked") + "0\r\nX-More: ", "y")),
  HALF_A_BODY(wire -> closeAfter(wire, head("Content-Length: 5000") + "{\"subject\":{\"name")),
  HALF_A_CHUNK(wire -> closeAfter(wire, head("Transfer-Encoding: chunked") + "ff\r\n{\"sub")),
  NO_CHUNK(wire -> closeAfter(wire, head("Transfer-Encoding: chunked") + "zz\r\n{}\r\n")),
  A_NEGATIVE_LENGTH(wire -> closeAfter(wire, head("Content-Length: -1") + "{}")),
  A_COMPRESSED_BODY(wire -> closeAfter(wire, head("Content-Encoding: gzip") + "\u001f\u008b\b")),
  A_GIBIBYTE_OF_SPACES(wire -> floodAfter(wire, head("Connection: close") + "{", " ")),
  A_GIBIBYTE_OF_SECRET(
      wire ->
          floodAfter(
              wire, head("Connection: close") + "{\"credentials\":{\"sessionToken\":\"", "A")),
  A_GIBIBYTE_OF_MEMBERS(wire -> floodAfter(wire, head("Connection: close") + "{", "\"a\":1,")),
  A_GIBIBYTE_OF_CHUNKS(
      wire -> floodAfter(wire, head("Transfer-Encoding: chunked"), "4\r\n    \r\n")),
  A_GIBIBYTE_OF_ERROR(
      wire -> floodAfter(wire, "HTTP/1.1 400 X\r\nContent-Type: application/json\r\n\r\n", " ")),
  A_GIBIBYTE_OF_FAILURE(wire -> floodAfter(wire, "HTTP/1.1 503 X\r\n\r\n", " ")),
  EMPTY(wire -> wire.json(200, "")),
  NO_JSON(wire -> wire.json(200, "<html>It works!</html>")),
  AN_ARRAY(wire -> wire.json(200, "[]")),
  NULL(wire -> wire.json(200, "null")),
  DEEP(wire -> wire.json(200, "[".repeat(100_000))),
  A_HUGE_NUMBER(wire -> wire.json(200, "{\"credentials\":" + "9".repeat(100_000) + "}")),
  TEXT_FOR_CREDENTIALS(wire -> wire.json(200, body("\"credentials\":\"none\""))),
  A_LIST_OF_CREDENTIALS(wire -> wire.json(200, body("\"credentials\":[]"))),
  TEXT_FOR_A_SUBJECT(wire -> wire.json(200, "{\"subject\":\"default/my-app\"}")),
  NO_CREDENTIALS(wire -> wire.json(200, body("\"x\":1"))),
  A_SECRET_THAT_IS_AN_OBJECT(wire -> wire.json(200, body(credentials("{}", "4102444800")))),
  NO_SECRET(wire -> wire.json(200, body(credentials("null", "4102444800")))),
  TEXT_FOR_AN_EXPIRY(wire -> wire.json(200, body(credentials("\"s\"", "\"tomorrow\"")))),
  A_LIST_FOR_AN_EXPIRY(wire -> wire.json(200, body(credentials("\"s\"", "[1]")))),
  AN_EXPIRY_PAST_ALL_TIME(wire -> wire.json(200, body(credentials("\"s\"", "1e300")))),
  NO_EXPIRY(wire -> wire.json(200, body(credentials("\"s\"", "null")))),
  EXPIRED(wire -> wire.json(200, body(credentials("\"s\"", "1")))),
  ABOUT_TO_EXPIRE(wire -> wire.json(200, body(credentials("\"s\"", HostileAnswer.second(10))))),
  ANOTHER_ACCOUNTS_SUBJECT(
      wire ->
          wire.json(
              200,
              body(credentials("\"s\"", "4102444800")).replace("\"my-app\"", "\"another-app\""))),
  TWO_SUBJECTS(
      wire ->
          wire.json(
              200,
              body(credentials("\"s\"", "4102444800"))
                  .replace("}}", "},\"subject\":{\"namespace\":\"x\",\"serviceAccount\":\"y\"}}"))),
  A_FAILURE_THAT_REPEATS_SECRETS(
      wire -> wire.json(500, "{\"message\":\"" + "LocalSecret/".repeat(20) + "\"}")),
  A_REDIRECT(wire -> wire.text(withoutBody(307, "Location: http://127.0.0.1:1/elsewhere"))),
  A_LOGIN(wire -> wire.text(withoutBody(401, "WWW-Authenticate: Basic realm=\"x\""))),
  A_PROXYS_LOGIN(wire -> wire.text(withoutBody(407, "Proxy-Authenticate: Basic realm=\"x\""))),
  A_STATUS_THAT_IS_NONE(wire -> closeAfter(wire, "HTTP/1.1 000 X\r\n\r\n"));

  private static final long GIBIBYTE = 1L << 30;

  private final HostileUpstream.Script script;

  HostileAnswer(HostileUpstream.Script script) {
    this.script = script;
  }

  HostileUpstream.Script script() {
    return script;
  }

  /** A good answer, with credentials that live so many seconds. */
  static String good(String keyId, long seconds) {
    return body(credentials("\"LocalSecret/good\"", second(seconds)).replace("KEY", keyId));
  }

  private static String second(long fromNow) {
    return Long.toString(System.currentTimeMillis() / 1000 + fromNow);
  }

  private static String body(String members) {
    return "{\"subject\":{\"namespace\":\"default\",\"serviceAccount\":\"my-app\"},"
        + "\"audience\":\"pods.eks.amazonaws.com\","
        + "\"assumedRoleUser\":{\"arn\":\"arn:aws:sts::111122223333:assumed-role/r/s\","
        + "\"assumeRoleId\":\"AROA:s\"},"
        + "\"podIdentityAssociation\":{\"associationArn\":\"arn:aws:eks:us-west-2:111122223333:"
        + "podidentityassociation/my-cluster/a-12345678901234567\","
        + "\"associationId\":\"a-12345678901234567\"},"
        + members
        + "}";
  }

  private static String credentials(String secret, String expiration) {
    return "\"credentials\":{\"accessKeyId\":\"KEY\",\"secretAccessKey\":"
        + secret
        + ",\"sessionToken\":\"LocalSessionToken/good\",\"expiration\":"
        + expiration
        + "}";
  }

  private static String withoutBody(int status, String header) {
    return "HTTP/1.1 " + status + " X\r\n" + header + "\r\nContent-Length: 0\r\n\r\n";
  }

  private static String head(String header) {
    return "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\n" + header + "\r\n\r\n";
  }

  private static void closeAfter(HostileUpstream.Wire wire, String text) throws IOException {
    wire.text(text);
    wire.close();
  }

  private static void trickleAfter(HostileUpstream.Wire wire, String text, String more)
      throws IOException {
    wire.text(text);
    wire.trickle(more);
  }

  private static void floodAfter(HostileUpstream.Wire wire, String text, String more)
      throws IOException {
    wire.text(text);
    wire.flood(more, GIBIBYTE);
    wire.close();
  }
}
