package dev.podidentity.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeakyBucketsTest {
  private static final long LEAK = 100;

  private final LeakyBuckets<String> buckets = new LeakyBuckets<>(10, 3, LEAK);

  @Test
  void takesAsManyAtOnceAsFitAndThenTheRate() {
    for (int i = 0; i < 3; i++) {
      assertThat(buckets.tryAdd("a", 0)).isZero();
    }

    assertThat(buckets.tryAdd("a", 0)).isEqualTo(LEAK);
    assertThat(buckets.tryAdd("a", 30)).isEqualTo(LEAK - 30);
    assertThat(buckets.tryAdd("a", LEAK)).isZero();
    assertThat(buckets.tryAdd("a", LEAK)).isEqualTo(LEAK);
    assertThat(buckets.tryAdd("b", 0)).isZero();
  }

  @Test
  void isFullForNoLongerThanOneTakesToLeakHoweverMuchIsAdded() {
    for (int i = 0; i < 50; i++) {
      buckets.add("a", 0);
    }

    assertThat(buckets.isFull("a", LEAK - 1)).isTrue();
    assertThat(buckets.isFull("a", LEAK)).isFalse();
  }

  @Test
  void countsThoseThatAreNotEmpty() {
    buckets.add("a", 0);
    buckets.add("b", LEAK / 2);

    assertThat(buckets.inUse(LEAK - 1)).isEqualTo(2);
    assertThat(buckets.inUse(LEAK)).isEqualTo(1);
    assertThat(buckets.inUse(2 * LEAK)).isZero();
  }

  @Test
  void countsOnWhereTicksOverflow() {
    long start = Long.MAX_VALUE - LEAK;
    for (int i = 0; i < 3; i++) {
      assertThat(buckets.tryAdd("a", start)).isZero();
    }

    assertThat(buckets.tryAdd("a", start)).isEqualTo(LEAK);
    assertThat(buckets.tryAdd("a", start + LEAK)).isZero();
  }
}
