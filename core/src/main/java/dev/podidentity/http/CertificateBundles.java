package dev.podidentity.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Reads bundles of certificates. Apart from its user, whom most processes load without a bundle.
 */
final class CertificateBundles {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----");

  private CertificateBundles() {}

  /** Trusts the JVM's authorities, and the bundles by what named them. */
  static SSLSocketFactory trusting(Map<String, Path> bundles) throws IOException {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate certificate : ofTheJvm()) {
        trusted.setCertificateEntry("jvm" + trusted.size(), certificate);
      }
      for (Map.Entry<String, Path> bundle : bundles.entrySet()) {
        for (Certificate certificate : read(bundle.getKey(), bundle.getValue())) {
          trusted.setCertificateEntry("bundle" + trusted.size(), certificate);
        }
      }
      return ExplainedTrust.sockets(trusted);
    } catch (GeneralSecurityException e) {
      throw new IOException("This JVM cannot trust the certificates of " + bundles, e);
    }
  }

  private static List<X509Certificate> ofTheJvm() throws GeneralSecurityException {
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init((KeyStore) null);
    List<X509Certificate> issuers = new ArrayList<>();
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        issuers.addAll(List.of(x509.getAcceptedIssuers()));
      }
    }
    return issuers;
  }

  private static List<Certificate> read(String source, Path bundle)
      throws IOException, GeneralSecurityException {
    var factory = CertificateFactory.getInstance("X.509");
    List<Certificate> certificates = new ArrayList<>();
    Matcher pem = PEM.matcher(text(source, bundle));
    while (pem.find()) {
      parse(factory, pem.group()).ifPresent(certificates::add);
    }
    if (certificates.isEmpty()) {
      throw new IOException(
          source + " names " + bundle + ", which holds no certificate in PEM: check the file");
    }
    return certificates;
  }

  private static Optional<Certificate> parse(CertificateFactory factory, String pem) {
    byte[] bytes = pem.getBytes(StandardCharsets.ISO_8859_1);
    try {
      return Optional.of(factory.generateCertificate(new ByteArrayInputStream(bytes)));
    } catch (CertificateException e) {
      // An operating system's bundle may hold one that Java does not read: the others count.
      return Optional.empty();
    }
  }

  private static String text(String source, Path bundle) throws IOException {
    try {
      return Files.readString(bundle, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new IOException(source + " names " + bundle + ", which does not exist", e);
    } catch (IOException e) {
      throw new IOException(
          source + " names " + bundle + ", which cannot be read: check its permissions", e);
    }
  }
}
