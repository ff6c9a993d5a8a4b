package dev.podidentity.http;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/** A server's certificate that is not accepted, with who issued it. */
public final class BadCertificateException extends CertificateException {
  private static final long serialVersionUID = 1L;

  private static final int MAX_NAME = 200;

  private final boolean forAnotherHost;

  private BadCertificateException(
      String message, boolean forAnotherHost, CertificateException cause) {
    super(message, cause);
    this.forAnotherHost = forAnotherHost;
  }

  /**
   * What the JDK found wrong, in words.
   *
   * @param chain what the server sent, its own certificate first
   */
  static BadCertificateException of(X509Certificate[] chain, CertificateException cause) {
    boolean another = saysThatNamesDiffer(String.valueOf(cause.getMessage()));
    String issuer = chain.length == 0 ? "nobody" : printable(issuer(chain[chain.length - 1]));
    String subject = chain.length == 0 ? "nobody" : printable(subject(chain[0]));
    return new BadCertificateException(
        another
            ? "its certificate is for another host (" + subject + ")"
            : "its certificate, issued by '" + issuer + "', is not trusted by this process",
        another,
        cause);
  }

  // The JDK has no type for it: these are the beginnings of its texts.
  private static boolean saysThatNamesDiffer(String message) {
    return message.startsWith("No subject alternative") || message.startsWith("No name matching");
  }

  private static String issuer(X509Certificate certificate) {
    return certificate.getIssuerX500Principal().getName();
  }

  private static String subject(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }

  // The other side chooses it.
  private static String printable(String name) {
    String shown = name.replaceAll("[^\\x20-\\x7e]", "?");
    return shown.length() > MAX_NAME ? shown.substring(0, MAX_NAME) + "..." : shown;
  }

  /** Whether it may be trusted, and is for another host. */
  boolean isForAnotherHost() {
    return forAnotherHost;
  }
}
