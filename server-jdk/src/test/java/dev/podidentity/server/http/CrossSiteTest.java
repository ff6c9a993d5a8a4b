package dev.podidentity.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CrossSiteTest {
  private static Headers headers(String... namesAndValues) {
    var headers = new Headers();
    headers.add("Host", "localhost:4000");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return headers;
  }

  @Test
  void takesARequestWithoutTheseHeadersForNoBrowsers() {
    assertThat(CrossSite.sent(headers())).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "null",
        "",
        "http://localhost",
        "http://localhost:4001",
        "http://localhost:4000.evil.example",
        "localhost:4000",
        "file://localhost:4000"
      })
  void knowsAnotherOrigin(String origin) {
    assertThat(CrossSite.sent(headers("Origin", origin))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:4000", "https://LOCALHOST:4000"})
  void knowsItsOwnOrigin(String origin) {
    assertThat(CrossSite.sent(headers("Origin", origin))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "none, false",
    "same-origin, false",
    "same-site, true",
    "cross-site, true",
    "None, true",
    "'none, cross-site', true"
  })
  void readsWhatFetchMetadataSays(String site, boolean crossSite) {
    assertThat(CrossSite.sent(headers("Sec-Fetch-Site", site))).isEqualTo(crossSite);
  }

  @Test
  void looksAtEachOfSeveral() {
    var origins = headers("Origin", "http://localhost:4000", "Origin", "https://evil.example");
    var sites = headers("Sec-Fetch-Site", "none", "Sec-Fetch-Site", "cross-site");

    assertThat(CrossSite.sent(origins)).isTrue();
    assertThat(CrossSite.sent(sites)).isTrue();
  }

  @Test
  void takesNoOriginForItsOwnWithoutAHost() {
    var headers = new Headers();
    headers.add("Origin", "http://null");

    assertThat(CrossSite.sent(headers)).isTrue();
  }
}
