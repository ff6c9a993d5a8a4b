package dev.podidentity.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyPairGeneratorSpi;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Security;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * RSA keys of 2048 bits come from a pool in all tests: making one costs up to two seconds of
 * processor time, and nearly every test with a cluster needs one. The pool is larger than the
 * number of keys in any test, so that no test meets the same key twice. It is filled as it is used,
 * and kept in the build's folder for the other test JVMs.
 */
public final class PooledRsaKeys {
  /** Names the system property that says where the pool is kept. */
  static final String FOLDER = "test.keys";

  private static final int BITS = 2048;
  private static final int SIZE = 24;
  private static final AtomicInteger NEXT = new AtomicInteger();

  private PooledRsaKeys() {}

  /** From here on in this JVM. */
  static void use() {
    Security.insertProviderAt(new FromPool(), 1);
  }

  /** Where the keys of tests are kept. */
  public static Path folder() {
    return Path.of(System.getProperty(FOLDER, "target/test-keys")).toAbsolutePath();
  }

  private static final class FromPool extends Provider {
    private static final long serialVersionUID = 1;

    FromPool() {
      super("PooledRsaKeys", "1", "RSA keys of a pool, for tests");
      put("KeyPairGenerator.RSA", Generator.class.getName());
    }
  }

  /** Made by the provider. */
  public static final class Generator extends KeyPairGeneratorSpi {
    private int bits = BITS;

    @Override
    public void initialize(int keysize, SecureRandom random) {
      bits = keysize;
    }

    @Override
    public KeyPair generateKeyPair() {
      try {
        return bits == BITS ? pooled(NEXT.getAndIncrement() % SIZE) : made(bits);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static KeyPair made(int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", "SunRsaSign");
    generator.initialize(bits);
    return generator.generateKeyPair();
  }

  private static KeyPair pooled(int number) throws GeneralSecurityException, IOException {
    Path pool = Files.createDirectories(folder());
    Path file = pool.resolve(number + ".pkcs8");
    if (Files.exists(file)) {
      return parse(Files.readAllBytes(file));
    }
    KeyPair pair = made(BITS);
    Path complete = Files.createTempFile(pool, "new", "");
    Files.write(complete, pair.getPrivate().getEncoded());
    Files.move(complete, file, StandardCopyOption.ATOMIC_MOVE);
    return pair;
  }

  private static KeyPair parse(byte[] pkcs8) throws GeneralSecurityException {
    KeyFactory keys = KeyFactory.getInstance("RSA");
    var secret = (RSAPrivateCrtKey) keys.generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    var open = new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent());
    return new KeyPair(keys.generatePublic(open), secret);
  }
}
