package dev.podidentity.tls;

import dev.podidentity.testing.PooledRsaKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ServerSocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** What a server of a test shows over TLS. Making it takes a second: one of a name is made once. */
public final class TlsKeys {
  private static final char[] PASSWORD = "password".toCharArray();
  private static final String ALIAS = "kube";
  private static final String DAYS = "3650";
  private static final Map<String, TlsKeys> MADE = new HashMap<>();

  private final KeyStore keys;

  private TlsKeys(KeyStore keys) {
    this.keys = keys;
  }

  /**
   * Keys with a certificate.
   *
   * @param name whose it is
   * @param subject for what it is good, such as {@code ip:127.0.0.1}
   */
  public static synchronized TlsKeys of(String name, String subject)
      throws IOException, InterruptedException {
    String key = name + " " + subject;
    TlsKeys made = MADE.get(key);
    if (made == null) {
      made = make(name, subject);
      MADE.put(key, made);
    }
    return made;
  }

  // One that another test JVM has made will do: they are kept beside the pool of RSA keys.
  private static TlsKeys make(String name, String subject)
      throws IOException, InterruptedException {
    Path pool = Files.createDirectories(PooledRsaKeys.folder());
    Path store = pool.resolve((name + "-" + subject).replaceAll("[^\\w.-]", "_") + ".p12");
    if (!Files.exists(store)) {
      Path folder = Files.createTempDirectory(pool, "new");
      Path complete = folder.resolve("server.p12");
      generate(complete, name, subject);
      Files.move(complete, store, StandardCopyOption.ATOMIC_MOVE);
      Files.delete(folder);
    }
    try {
      return new TlsKeys(KeyStore.getInstance(store.toFile(), PASSWORD));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  // The JDK has no public API that makes a certificate; its keytool does.
  private static void generate(Path store, String name, String subject)
      throws IOException, InterruptedException {
    Path program = Path.of(System.getProperty("java.home"), "bin", "keytool");
    var line = new ArrayList<>(List.of(program.toString(), "-J-XX:TieredStopAtLevel=1"));
    line.addAll(List.of("-genkeypair", "-alias", ALIAS, "-validity", DAYS));
    line.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    line.addAll(List.of("-storepass", new String(PASSWORD), "-keyalg", "EC"));
    line.addAll(List.of("-dname", "CN=" + name, "-ext", "san=" + subject));
    Process keytool = new ProcessBuilder(line).redirectErrorStream(true).start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException(output);
    }
  }

  /** The certificate in PEM. */
  public String certificate() throws IOException {
    try {
      var mime = Base64.getMimeEncoder(64, new byte[] {'\n'});
      String body = mime.encodeToString(keys.getCertificate(ALIAS).getEncoded());
      return "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** Sockets that show it. */
  public ServerSocketFactory sockets() throws IOException {
    try {
      var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, PASSWORD);
      var context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context.getServerSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  /** Clients that trust it, and nobody else. */
  public SSLSocketFactory trusting() throws IOException {
    try {
      var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
      var managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(trusted);
      var context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }
}
