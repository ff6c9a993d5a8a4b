package dev.podidentity.binding;

import java.net.Inet6Address;
import java.nio.ByteBuffer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The one recommended text of an IPv6 address (RFC 5952, section 4). */
final class Rfc5952 {
  private static final int GROUPS = 8;

  private Rfc5952() {}

  static String format(Inet6Address address) {
    int[] groups = new int[GROUPS];
    var bytes = ByteBuffer.wrap(address.getAddress()).asShortBuffer();
    for (int i = 0; i < GROUPS; i++) {
      groups[i] = Short.toUnsignedInt(bytes.get());
    }
    int start = 0;
    int length = 0;
    for (int i = 0; i < GROUPS; i++) {
      int run = zerosFrom(groups, i);
      if (run > length) {
        start = i;
        length = run;
      }
    }
    // 4.2.2: a single zero group is not shortened.
    return length < 2
        ? join(groups, 0, GROUPS)
        : join(groups, 0, start) + "::" + join(groups, start + length, GROUPS);
  }

  private static int zerosFrom(int[] groups, int start) {
    int end = start;
    while (end < GROUPS && groups[end] == 0) {
      end++;
    }
    return end - start;
  }

  private static String join(int[] groups, int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(i -> Integer.toHexString(groups[i]))
        .collect(Collectors.joining(":"));
  }
}
