package dev.podidentity.kubernetes;

import dev.podidentity.http.HttpRequests;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import javax.net.ssl.SSLSocketFactory;

/** TLS that trusts the certificates of one file, and none that the JVM trusts. */
final class PinnedAuthority {
  private PinnedAuthority() {}

  static SSLSocketFactory trusting(Path caFile) throws IOException {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate certificate : certificates(caFile)) {
        trusted.setCertificateEntry("ca" + trusted.size(), certificate);
      }
      return HttpRequests.trusting(trusted);
    } catch (GeneralSecurityException e) {
      throw new IOException(caFile + " does not hold certificates in PEM", e);
    }
  }

  private static Collection<? extends Certificate> certificates(Path caFile)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(caFile)) {
      var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new IOException(caFile + " does not hold certificates in PEM");
      }
      return certificates;
    }
  }
}
