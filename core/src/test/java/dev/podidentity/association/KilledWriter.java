package dev.podidentity.association;

import dev.podidentity.token.ServiceAccountRef;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/**
 * A process that writes at random for as long as it lives. What it is about to do it says before,
 * and that it is done after: {@code try …} and {@code done}.
 */
final class KilledWriter {
  private static final int ACCOUNTS = 12;
  private static final int MIN_GARBAGE = 8;

  private final AssociationStore store;
  private final Random random;
  private final PrintStream out;

  private KilledWriter(AssociationStore store, Random random, PrintStream out) {
    this.store = store;
    this.random = random;
    this.out = out;
  }

  public static void main(String[] args) throws IOException {
    var store =
        AssociationStore.builder(AssociationFixtures.CLUSTER)
            .minGarbage(MIN_GARBAGE)
            .file(Path.of(args[0]));
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var writer = new KilledWriter(store, new Random(Long.parseLong(args[1])), out);
    while (!out.checkError()) {
      writer.step();
    }
  }

  private void step() {
    var account = new ServiceAccountRef("ns", "sa-" + random.nextInt(ACCOUNTS));
    String value = "role-" + random.nextInt(1_000_000);
    var role = RoleArn.parse("arn:aws:iam::111122223333:role/" + value);
    var there = store.find(account).orElse(null);
    if (there == null) {
      out.println("try " + account.name() + " " + value);
      store.create(account, role);
    } else if (random.nextInt(4) == 0) {
      out.println("try " + account.name() + " -");
      store.delete(there.associationId());
    } else {
      out.println("try " + account.name() + " " + value);
      store.update(there.associationId(), UpdateAssociation.builder().roleArn(role).build());
    }
    out.println("done");
  }

  /** What a store holds, in the words of the writer. */
  static Map<String, String> contents(AssociationStore store) {
    return store
        .all()
        .collect(
            java.util.stream.Collectors.toMap(
                a -> a.serviceAccount().name(), a -> a.roleArn().name()));
  }
}
