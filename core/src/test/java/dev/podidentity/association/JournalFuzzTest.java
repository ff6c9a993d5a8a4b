package dev.podidentity.association;

import static org.assertj.core.api.Assertions.assertThat;

import dev.podidentity.fuzz.Mutations;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever lies in a file of associations, it is read or said to be damaged. */
class JournalFuzzTest {
  private static final Mutations JOURNALS = Mutations.of("journal");

  @Property
  void readsAJournalOrCallsItDamaged(@ForAll long number) {
    byte[] bytes = JOURNALS.bytes(number);
    var reader = new JournalReader(Path.of("associations.jsonl"), AssociationFixtures.CLUSTER);
    try {
      reader.read(bytes);
      assertThat(reader.length()).isBetween(1, bytes.length);
      assertThat(reader.isContinuedBy(bytes)).isTrue();
    } catch (DamagedStoreException e) {
      assertThat(e.getMessage()).contains("associations.jsonl");
    }
  }
}
