package dev.podidentity.awssdk.eksauth;

import dev.podidentity.credential.TemporaryCredentials;
import dev.podidentity.http.HttpRequests;
import dev.podidentity.token.ServiceAccountToken;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * A call to EKS Auth that never leaves the process. The first call of a JVM takes several times as
 * long as the next one: classes, the AWS SDK's tables of regions, the trust store and TLS are
 * loaded by it. Run this while the rest of a program starts, and no pod waits for them. Nothing is
 * asked, resolved or kept: the request is signed with a key that is none, and answered from memory.
 *
 * <p>Thread-safe. Takes some hundred milliseconds of processor time, once in a JVM.
 */
public final class EksAuthRehearsal {
  private static final Logger log = LoggerFactory.getLogger(EksAuthRehearsal.class);

  private static final int HTTPS = 443;

  /** Any region does: the AWS SDK reads its tables of all of them at once. */
  private static final String REGION = "us-east-1";

  /** Unsigned, and nobody's. */
  private static final String CLAIMS =
      """
      {"iss":"https://rehearsal.invalid","sub":"system:serviceaccount:rehearsal:rehearsal",
       "aud":["pods.eks.amazonaws.com"],"iat":0,"nbf":0,"exp":1}""";

  private static final String ANSWER =
      """
      {"subject":{"namespace":"rehearsal","serviceAccount":"rehearsal"},
       "audience":"pods.eks.amazonaws.com",
       "podIdentityAssociation":{"associationId":"a-rehearsal","associationArn":
         "arn:aws:eks:us-east-1:000000000000:podidentityassociation/rehearsal/a-rehearsal"},
       "assumedRoleUser":{"assumeRoleId":"AROAREHEARSAL:rehearsal",
         "arn":"arn:aws:sts::000000000000:assumed-role/rehearsal/rehearsal"},
       "credentials":{"accessKeyId":"rehearsal","secretAccessKey":"rehearsal",
         "sessionToken":"rehearsal","expiration":1}}""";

  private EksAuthRehearsal() {}

  /**
   * Rehearses. Never fails: what went wrong is logged at {@code DEBUG}, and the first real call
   * takes as long as it would have.
   */
  public static void run() {
    try {
      var unused = HttpRequests.trustedByTheJvm();
      greet();
      call();
    } catch (GeneralSecurityException | SSLException | RuntimeException e) {
      log.atDebug().setCause(e).log("The first call to EKS Auth could not be rehearsed");
    }
  }

  /** The call, by way of everything but the network. */
  static TemporaryCredentials call() {
    EksAuthClients.httpClient().build().close();
    try (var client =
        EksAuthClients.forNode()
            .region(REGION)
            .credentials(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create("rehearsal", "rehearsal")))
            .build(AnswerFromMemory.builder(ANSWER))) {
      return EksAuthCredentialSource.of(client, "rehearsal").fetch(token());
    }
  }

  private static ServiceAccountToken token() {
    return ServiceAccountToken.parse(encode("{\"alg\":\"none\"}") + "." + encode(CLAIMS) + ".none");
  }

  private static String encode(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  /** The first message of a TLS handshake, the key it takes included; returns its length. */
  static int greet() throws GeneralSecurityException, SSLException {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine("rehearsal.invalid", HTTPS);
    engine.setUseClientMode(true);
    ByteBuffer message = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), message);
    return message.position();
  }
}
