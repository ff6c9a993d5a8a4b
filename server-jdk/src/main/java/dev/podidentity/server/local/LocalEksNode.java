package dev.podidentity.server.local;

import dev.podidentity.PodIdentityAgent;
import dev.podidentity.addon.configuration.AgentSettings;
import dev.podidentity.binding.BindFailure;
import dev.podidentity.credential.CredentialSource;
import dev.podidentity.server.ListenException;
import dev.podidentity.server.PodIdentityServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node of a local EKS: addresses on loopback, and the agent that listens there. An agent takes
 * over from the one before it without a request being refused. Thread-safe.
 */
public final class LocalEksNode {
  private static final Logger log = LoggerFactory.getLogger(LocalEksNode.class);

  private final String name;
  private final LocalNetwork network;
  private final Function<AgentSettings, CredentialSource> sources;
  private final Function<CredentialSource, PodIdentityAgent.Builder> agents;

  private volatile @Nullable PodIdentityServer server;
  private volatile Given given = Given.NOTHING;
  private @Nullable CredentialSource source;
  private boolean closed;

  /**
   * A node without an agent.
   *
   * @param name its name
   * @param network its addresses
   * @param sources what its agents ask
   * @param agents its agents, but for their addresses
   */
  LocalEksNode(
      String name,
      LocalNetwork network,
      Function<AgentSettings, CredentialSource> sources,
      Function<CredentialSource, PodIdentityAgent.Builder> agents) {
    this.name = name;
    this.network = network;
    this.sources = sources;
    this.agents = agents;
  }

  /** The node's name. */
  public String name() {
    return name;
  }

  /** Where its agent answers pods, one URI an address; none without an agent. */
  public List<URI> credentialUris() {
    PodIdentityServer serving = server;
    return serving == null ? List.of() : serving.credentialUris();
  }

  /** The addresses that its agent does without, and why. */
  public List<BindFailure> unavailable() {
    PodIdentityServer serving = server;
    Given asked = given;
    return serving == null
        ? List.of()
        : Stream.concat(asked.absent().stream(), asked.inItsWords(serving.unavailable())).toList();
  }

  /**
   * What {@code AWS_CONTAINER_CREDENTIALS_FULL_URI} is to a pod of this node, whether there is an
   * agent or not; it never changes.
   *
   * @throws UncheckedIOException if the node has no agent and no port is free
   */
  public URI credentialsUri() {
    try {
      return PodIdentityServer.credentialUri(network.agentAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts an agent that nobody has told where to listen. */
  void install() throws IOException {
    start(AgentSettings.defaults().withBindHosts(network.hosts()));
  }

  /**
   * Has an agent of these settings take over.
   *
   * @throws IOException if it lacks an address, or the node is closed; then the agent before goes
   *     on
   */
  synchronized void start(AgentSettings settings) throws IOException {
    if (closed) {
      throw new IOException("The node is closed");
    }
    Given before = given;
    Given asked = Given.of(settings, network);
    if (server != null) {
      // Any port would do for the one that is listened on already, whatever the settings say.
      asked.choosePorts(network);
    }
    CredentialSource next = sources.apply(settings);
    @Nullable CredentialSource ended = next;
    try {
      given = asked;
      listen(agents.apply(next).bindingRules(asked.rules()).build());
      ended = source;
      source = next;
    } catch (ListenException e) {
      given = before;
      throw new IOException(Given.message(asked.inItsWords(e.failures()).toList()), e);
    } finally {
      close(ended);
    }
  }

  private void listen(PodIdentityAgent agent) throws ListenException {
    PodIdentityServer serving = server;
    if (serving == null) {
      serving =
          PodIdentityServer.builder(agent)
              .port(address -> network.port(address, given.port()))
              .drainTimeout(LocalNodes.DRAIN_TIMEOUT)
              .start();
    } else {
      serving.handOverTo(agent);
    }
    server = serving;
    network.taken(serving.addresses(), given.port());
  }

  /** Has no agent on this node any more. */
  synchronized void stop() {
    PodIdentityServer serving = server;
    if (serving != null) {
      serving.close();
      server = null;
    }
    close(source);
    source = null;
  }

  /** Has no agent on this node for good. */
  synchronized void close() {
    closed = true;
    stop();
  }

  @SuppressWarnings("CatchingUnchecked") // AutoCloseable lets sources throw anything
  private static void close(@Nullable CredentialSource ended) {
    if (ended instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        log.atWarn().setCause(e).log("The source of an agent could not be closed");
      }
    }
  }
}
