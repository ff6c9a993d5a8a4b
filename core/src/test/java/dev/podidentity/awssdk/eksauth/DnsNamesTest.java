package dev.podidentity.awssdk.eksauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.eksauth.EksAuthClient;
import software.amazon.awssdk.services.eksauth.EksAuthClientBuilder;
import software.amazon.awssdk.services.eksauth.model.ResourceNotFoundException;

class DnsNamesTest {
  private static final String REGIONAL = "eks-auth.us-west-2.api.aws";
  private static final String OLDER = "eks-auth.us-west-2.amazonaws.com";

  private final NamedHosts hosts = new NamedHosts();

  @Test
  void asksByTheRegionsName() {
    hosts.answering(REGIONAL, OLDER);
    ask(client());

    assertThat(hosts.asked()).containsExactly(REGIONAL);
  }

  @Test
  void asksByTheOlderNameWhereTheRegionsIsUnknown() {
    hosts.answering(OLDER);
    ask(client());

    assertThat(hosts.asked()).containsExactly(REGIONAL, OLDER);
  }

  @Test
  void signsForEksAuthAndTheRegionByEitherName() {
    hosts.answering(OLDER);
    ask(client());

    assertThat(hosts.signedFor()).containsOnly("us-west-2/eks-auth/aws4_request");
  }

  @Test
  void remembersTheNameThatAnswered() {
    hosts.answering(OLDER);
    EksAuthClient client = client();
    ask(client);
    ask(client);

    assertThat(hosts.asked()).containsExactly(REGIONAL, OLDER, OLDER);
  }

  @Test
  void goesBackToTheRegionsNameOnceTheOlderOneIsUnknown() {
    hosts.answering(OLDER);
    EksAuthClient client = client();
    ask(client);
    hosts.answering(REGIONAL);
    ask(client);
    ask(client);

    assertThat(hosts.asked()).containsExactly(REGIONAL, OLDER, OLDER, REGIONAL, REGIONAL);
  }

  @Test
  void tellsThatTheRegionsNameIsUnknownWhereBothAre() {
    hosts.answering();
    EksAuthClient client = client();
    Throwable failure = catchThrowable(() -> ask(client));

    assertThat(failure).hasStackTraceContaining(REGIONAL);
    assertThat(failure.getSuppressed()).singleElement().asString().isNotEmpty();
    assertThat(hosts.asked()).containsExactly(REGIONAL, OLDER);
  }

  @Test
  void doesNotRememberANameThatLeadsNowhere() {
    hosts.answering().refusing(OLDER);
    EksAuthClient client = client();
    assertThatThrownBy(() -> ask(client)).isInstanceOf(SdkClientException.class);
    hosts.answering(REGIONAL);
    ask(client);

    assertThat(hosts.asked()).containsExactly(REGIONAL, OLDER, REGIONAL);
  }

  @Test
  void doesNotAskByAnotherNameWhenTheRegionsLeadsNowhere() {
    hosts.answering(OLDER).refusing(REGIONAL);

    assertThatThrownBy(() -> ask(client())).isInstanceOf(SdkClientException.class);
    assertThat(hosts.asked()).containsExactly(REGIONAL);
  }

  @Test
  void asksNobodyElseWhereAnEndpointWasSet() {
    hosts.answering(REGIONAL, OLDER);
    var client = client(builder().endpointOverride(URI.create("https://vpce.example")));

    assertThatThrownBy(() -> ask(client)).isInstanceOf(SdkClientException.class);
    assertThat(hosts.asked()).containsExactly("vpce.example");
  }

  @Test
  void asksNobodyElseInPlaceOfTheFipsEndpoint() {
    hosts.answering(REGIONAL, OLDER);
    var client = client(builder().fipsEnabled(true));

    assertThatThrownBy(() -> ask(client)).isInstanceOf(SdkClientException.class);
    assertThat(hosts.asked()).containsExactly("eks-auth-fips.us-west-2.api.aws");
  }

  @ParameterizedTest
  @CsvSource({
    "us-gov-west-1, eks-auth.us-gov-west-1.api.aws, eks-auth.us-gov-west-1.amazonaws.com",
    "cn-north-1, eks-auth.cn-north-1.api.amazonwebservices.com.cn,"
        + " eks-auth.cn-north-1.amazonaws.com.cn"
  })
  void knowsBothNamesInEachPartition(String region, String regional, String older) {
    hosts.answering(older);
    var signedFor = Region.of(region);
    ask(DnsNames.askedByBoth(builder().region(signedFor).build(), signedFor));

    assertThat(hosts.asked()).containsExactly(regional, older);
  }

  @Test
  void closesTheClient() {
    client().close();

    assertThat(hosts.closed()).isTrue();
  }

  private static void ask(EksAuthClient client) {
    try {
      client.assumeRoleForPodIdentity(r -> r.clusterName("c").token("t"));
    } catch (ResourceNotFoundException e) {
      assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ResourceNotFoundException");
    }
  }

  private EksAuthClient client() {
    return client(builder());
  }

  private static EksAuthClient client(EksAuthClientBuilder builder) {
    return DnsNames.askedByBoth(builder.build(), Region.US_WEST_2);
  }

  private EksAuthClientBuilder builder() {
    return EksAuthClient.builder()
        .region(Region.US_WEST_2)
        .httpClientBuilder(hosts)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIA0NODE", "secret")))
        .overrideConfiguration(
            o -> o.retryStrategy(StandardRetryStrategy.builder().maxAttempts(1).build()));
  }
}
