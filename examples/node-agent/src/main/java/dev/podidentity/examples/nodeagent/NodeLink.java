package dev.podidentity.examples.nodeagent;

import dev.podidentity.binding.BindingRules;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link that carries the agent's addresses on a node. Making it is idempotent: each step leaves
 * as it is what is there already.
 */
final class NodeLink {
  private static final Logger log = LoggerFactory.getLogger(NodeLink.class);
  private static final String IPV4 = BindingRules.DEFAULT_IPV4 + "/32";
  private static final String IPV6 = BindingRules.DEFAULT_IPV6.replaceAll("[\\[\\]]", "") + "/128";

  private final String name;
  private final String type;
  private final IpCommand ip;

  NodeLink(String name, String type, IpCommand ip) {
    this.name = name;
    this.type = type;
    this.ip = ip;
  }

  /**
   * Makes the link, its addresses and their routes. IPv6 is done without where the node refuses it.
   *
   * @throws IOException if the node will not have the link or IPv4, and why
   */
  void create() throws IOException, InterruptedException {
    if (!exists()) {
      require(ip.run("link", "add", "dev", name, "type", type));
    }
    refuseOtherRoutes("-4", IPV4);
    require(ip.run("-4", "address", "replace", IPV4, "dev", name));
    require(ip.run("link", "set", "dev", name, "up"));
    require(ip.run("-4", "route", "replace", IPV4, "dev", name));
    try {
      refuseOtherRoutes("-6", IPV6);
      require(ip.run("-6", "address", "replace", IPV6, "dev", name, "nodad"));
      require(ip.run("-6", "route", "replace", IPV6, "dev", name));
    } catch (IOException e) {
      log.atWarn()
          .addKeyValue("address", IPV6)
          .addKeyValue("cause", e.getMessage())
          .log("The node goes without IPv6: start the agent with -b for IPv4 alone");
    }
  }

  /**
   * Removes the link, and with it addresses and routes; does nothing where there is none.
   *
   * @throws IOException if the link is not one that {@link #create} makes, or cannot be removed
   */
  void delete() throws IOException, InterruptedException {
    if (!exists()) {
      return;
    }
    IpCommand.Result addresses = ip.run("-4", "address", "show", "dev", name);
    require(addresses);
    if (!addresses.text().contains(" " + IPV4 + " ")) {
      throw new IOException(
          "The link '" + name + "' does not carry " + IPV4 + ": it is not the agent's to remove");
    }
    require(ip.run("link", "delete", "dev", name));
  }

  private boolean exists() throws IOException, InterruptedException {
    return ip.run("link", "show", "dev", name).succeeded();
  }

  // Two links with a route to one address: which of them answers would be chance.
  private void refuseOtherRoutes(String family, String address)
      throws IOException, InterruptedException {
    IpCommand.Result routes = ip.run(family, "route", "show", "exact", address);
    require(routes);
    for (String route : routes.text().lines().toList()) {
      List<String> words = Arrays.asList(route.strip().split(" +"));
      int device = words.indexOf("dev");
      if (device >= 0 && !words.get(device + 1).equals(name)) {
        throw new IOException(
            "There is a route to "
                + address
                + " through the link '"
                + words.get(device + 1)
                + "': remove it (ip route del "
                + address
                + " dev "
                + words.get(device + 1)
                + "), or whatever made it");
      }
    }
  }

  private void require(IpCommand.Result result) throws IOException {
    if (!result.succeeded()) {
      throw new IOException(result.explained() + remedy(result.text()));
    }
  }

  private String remedy(String text) {
    if (text.contains("Operation not permitted")) {
      return ". Run it as root, with the capability NET_ADMIN, in the node's network namespace";
    }
    boolean noSuchType = text.contains("Unknown device type") || text.contains("not supported");
    return noSuchType && !type.equals("bridge")
        ? ". The kernel has no link of type '" + type + "': give --link-type bridge"
        : "";
  }
}
