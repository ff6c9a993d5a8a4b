package dev.podidentity.association;

import dev.podidentity.token.ServiceAccountRef;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** How long reads take among 100,000 associations. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 10, time = 1)
public class AssociationStoreBenchmark {
  private static final int MASK = (1 << 16) - 1;

  private final ServiceAccountRef[] wanted = new ServiceAccountRef[MASK + 1];
  private final AssociationStore store = AssociationScale.filled();
  private int next;

  /** Filled by JMH. */
  public AssociationStoreBenchmark() {}

  /** Draws the service accounts to look for; made anew, as a parsed token's is. */
  @Setup
  public void draw() {
    var random = new Random(1);
    for (int i = 0; i <= MASK; i++) {
      wanted[i] = AssociationScale.account(random.nextInt(AssociationScale.COUNT));
    }
  }

  /** One service account's association. */
  @Benchmark
  public Object find() {
    return store.find(wanted[next++ & MASK]);
  }

  /** The first page of a namespace. */
  @Benchmark
  public Object listNamespace() {
    return store.list(
        AssociationQuery.all().inNamespace(wanted[next++ & MASK].namespace()).maxResults(10));
  }
}
