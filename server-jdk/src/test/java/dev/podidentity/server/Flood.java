package dev.podidentity.server;

import dev.podidentity.binding.IpLiteral;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many connections that all do the same: send something, and then a little more, and a little more.
 * One that the server closes is opened again.
 */
final class Flood implements AutoCloseable {
  /** Another address than the one that other requests come from. */
  private static final InetAddress FROM = IpLiteral.parse("127.0.0.2").orElseThrow();

  private static final int TICK_MILLIS = 20;

  /**
   * What a connection does.
   *
   * @param connections how many do
   * @param first what each sends when it is there, one of these after the other
   * @param more what it sends at every tick from then on
   * @param reads whether it reads what comes back
   * @param halfCloses whether it sends FIN behind the first bytes
   */
  record Shape(
      int connections, List<String> first, String more, boolean reads, boolean halfCloses) {
    static Shape of(int connections, String first, String more) {
      return new Shape(connections, List.of(first), more, true, false);
    }

    /** Whole requests, each on a connection of its own. */
    static Shape of(int connections, List<String> requests) {
      return new Shape(connections, requests, "", true, false);
    }

    Shape thatNeverReads() {
      return new Shape(connections, first, more, false, false);
    }

    Shape thatHalfCloses() {
      return new Shape(connections, first, more, true, true);
    }
  }

  private final InetSocketAddress target;
  private final Shape shape;
  private final byte[] more;
  private final Selector selector = Selector.open();
  private final List<SocketChannel> channels = new ArrayList<>();

  /** The numbers of those that are not connected, or not any more. */
  private final Set<Integer> lost = new TreeSet<>();

  private final ByteBuffer in = ByteBuffer.allocate(64 * 1024);
  private final CountDownLatch standing = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CompletableFuture<Void> done;
  private final AtomicLong opened = new AtomicLong();
  private final AtomicLong credentials = new AtomicLong();

  private Flood(InetSocketAddress target, Shape shape) throws IOException {
    this.target = target;
    this.shape = shape;
    this.more = shape.more().getBytes(StandardCharsets.ISO_8859_1);
    this.done = CompletableFuture.runAsync(this::run, task -> new Thread(task, "flood").start());
  }

  /** A flood that stands: each of its connections has been opened once. */
  static Flood begin(InetSocketAddress target, Shape shape) throws Exception {
    var flood = new Flood(target, shape);
    flood.standing.await();
    return flood;
  }

  /** How many connections were opened so far, the first ones included. */
  long opened() {
    return opened.get();
  }

  /** How many answers began with credentials. */
  long credentials() {
    return credentials.get();
  }

  private void run() {
    try {
      for (int number = 0; number < shape.connections(); number++) {
        channels.add(open(number));
      }
      standing.countDown();
      do {
        goOn();
      } while (!stopped.await(TICK_MILLIS, TimeUnit.MILLISECONDS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      standing.countDown();
    }
  }

  private void goOn() throws IOException {
    // Only those with something to read: a look at each would keep a core busy.
    selector.selectNow(this::read);
    if (more.length > 0 && !shape.halfCloses()) {
      for (int number = 0; number < channels.size() && stopped.getCount() > 0; number++) {
        sendMore(number);
      }
    }
    List<Integer> again = List.copyOf(lost);
    lost.clear();
    for (int number : again) {
      if (stopped.getCount() > 0) {
        channels.get(number).close();
        channels.set(number, open(number));
      }
    }
  }

  private SocketChannel open(int number) throws IOException {
    SocketChannel channel = SocketChannel.open();
    if (!shape.reads()) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, 2048);
    }
    try {
      channel.bind(new InetSocketAddress(FROM, 0));
      channel.connect(target);
      String first = shape.first().get((int) (opened.getAndIncrement() % shape.first().size()));
      channel.configureBlocking(false);
      channel.write(StandardCharsets.ISO_8859_1.encode(first));
      if (shape.halfCloses()) {
        channel.shutdownOutput();
      }
      if (shape.reads()) {
        channel.register(selector, SelectionKey.OP_READ, number);
      }
    } catch (IOException e) {
      // Refused or closed at once: the next round tries again.
      lost.add(number);
    }
    return channel;
  }

  private void sendMore(int number) {
    try {
      channels.get(number).write(ByteBuffer.wrap(more));
    } catch (IOException | NotYetConnectedException e) {
      lost.add(number);
    }
  }

  private void read(SelectionKey key) {
    try {
      if (!reads((SocketChannel) key.channel())) {
        lost.add((Integer) key.attachment());
      }
    } catch (IOException e) {
      lost.add((Integer) key.attachment());
    }
  }

  private boolean reads(SocketChannel channel) throws IOException {
    int read = channel.read(in.clear());
    String answer = StandardCharsets.ISO_8859_1.decode(in.flip()).toString();
    if (answer.contains("SecretAccessKey")) {
      credentials.incrementAndGet();
    }
    return read >= 0;
  }

  @Override
  public void close() throws IOException {
    stopped.countDown();
    done.join();
    for (SocketChannel channel : channels) {
      channel.close();
    }
    selector.close();
  }
}
