package dev.cleave.transport.emulation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * An emulated link: a TCP proxy on loopback in front of a broker's port, with bandwidth, delay, jitter, stalls and outages, all
 * changeable while it runs. No byte is changed, lost or reordered, as TCP promises; only time passes.
 *
 * <p>One proxy is one link: its connections share the bandwidth of each direction, in the order in which their bytes come. A fleet
 * takes one for each device. Each connection takes four threads; what it buffers is bounded by 256 KiB and what the wire holds (at
 * most 16 MiB in all), then the sender waits.
 *
 * <p>What it does not emulate: opening a connection costs no round trip, there is no slow start and no congestion window, headers
 * below TCP cost nothing, and after an outage bytes flow at once, where TCP would first await its retransmission timer.
 */
public final class ShapedProxy implements AutoCloseable {
    private static final int CONNECT_MILLIS = 2_000;
    private static final long CLOSE_NANOS = 5_000_000_000L;
    private static final int BACKLOG = 256;
    private static final Duration MOST_OUTAGE = Duration.ofDays(30);

    private final URI target;
    private final long seed;
    private final LinkState link;
    private final Lane up;
    private final Lane down;
    private final ServerSocket server;
    private final List<Thread> threads = new ArrayList<>();
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final LongAdder bytesUp = new LongAdder();
    private final LongAdder bytesDown = new LongAdder();

    private ShapedProxy(URI target, LinkShape shape, long seed, ServerSocket server) {
        this.target = target;
        this.seed = seed;
        this.server = server;
        this.link = new LinkState(shape);
        this.up = new Lane(link, true);
        this.down = new Lane(link, false);
        threads.add(new Thread(up, "shaped-link-up"));
        threads.add(new Thread(down, "shaped-link-down"));
        threads.add(new Thread(this::accept, "shaped-accept"));
    }

    /**
     * Starts one on a free port of loopback.
     *
     * @param target where its connections lead, with host and port: {@code tcp://127.0.0.1:1883}
     * @param shape what the link is like at first
     * @param seed of jitter and stalls: the same draws in the same order for each connection; which bytes they meet is a matter of
     *     time
     * @throws IllegalArgumentException for a target without host or port
     * @throws IOException where no port is free
     */
    public static ShapedProxy start(URI target, LinkShape shape, long seed) throws IOException {
        if (target.getHost() == null || target.getPort() <= 0) {
            throw new IllegalArgumentException(
                    "target: " + target + "; must name host and port, as tcp://127.0.0.1:1883 does");
        }
        ShapedProxy proxy =
                new ShapedProxy(target, shape, seed, new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress()));
        for (Thread thread : proxy.threads) {
            thread.setDaemon(true);
            thread.start();
        }
        return proxy;
    }

    /** Returns where clients connect in place of the target: the same scheme, loopback, another port. */
    public URI uri() {
        return URI.create(target.getScheme() + "://127.0.0.1:" + server.getLocalPort());
    }

    /** Returns what the link is like. */
    public LinkShape link() {
        return link.shape();
    }

    /** Changes the link for all that has not yet been sent; what is on the wire arrives as it would have. */
    public void setLink(LinkShape shape) {
        link.shape(shape);
    }

    /** Lets the link die now: in both directions bytes are held, also those on the wire, until {@link #resume()}. */
    public void hold() {
        outage(Duration.ZERO, MOST_OUTAGE);
    }

    /** Ends an outage, or takes back one that was announced. */
    public void resume() {
        link.resume();
    }

    /**
     * Announces an outage in place of any other: bytes are held from then on for so long.
     *
     * @param after from now to its beginning, 0 to 30 days
     * @param length how long it lasts, 0 to 30 days
     * @throws IllegalArgumentException for durations outside their range
     */
    public void outage(Duration after, Duration length) {
        for (Duration duration : List.of(after, length)) {
            if (duration.isNegative() || duration.compareTo(MOST_OUTAGE) > 0) {
                throw new IllegalArgumentException("outage: " + duration + "; must be within 0.." + MOST_OUTAGE);
            }
        }
        link.outage(System.nanoTime() + after.toNanos(), length.toNanos());
    }

    /** Resets all connections at both ends; what is on its way is lost. New ones are served. */
    public void drop() {
        connections.forEach(Connection::abort);
    }

    /** Returns the number of connections. */
    public int connections() {
        return connections.size();
    }

    /** Returns the bytes that have been handed to the target. */
    public long bytesUp() {
        return bytesUp.sum();
    }

    /** Returns the bytes that have been handed to clients. */
    public long bytesDown() {
        return bytesDown.sum();
    }

    private void accept() {
        for (int number = 0; !link.closed(); number++) {
            try {
                open(server.accept(), number);
            } catch (IOException failure) {
                if (!link.closed()) {
                    System.err.println("shaped proxy to " + target + ": " + failure.getMessage());
                }
            }
        }
    }

    private void open(Socket client, int number) throws IOException {
        Socket broker = new Socket();
        Connection connection =
                new Connection(number, client, broker, upward -> wiring(upward, number), connections::remove);
        connections.add(connection);
        try {
            broker.connect(new InetSocketAddress(target.getHost(), target.getPort()), CONNECT_MILLIS);
            connection.start();
        } catch (IOException failure) {
            connection.abort();
            throw failure;
        }
        if (link.closed()) {
            connection.abort();
        }
    }

    private Flow.Wiring wiring(boolean upward, int number) {
        return upward
                ? new Flow.Wiring(link, up, true, bytesUp, seed + 2L * number)
                : new Flow.Wiring(link, down, false, bytesDown, seed + 2L * number + 1);
    }

    /** Resets all connections and ends all threads, within 5 s. */
    @Override
    public void close() {
        link.close();
        try {
            server.close();
        } catch (IOException already) {
            // Nobody can connect any more, which is what was wanted.
        }
        List<Thread> all = new ArrayList<>(threads);
        for (Connection connection : connections) {
            all.addAll(connection.threads());
            connection.abort();
        }
        threads.forEach(Thread::interrupt);
        long end = System.nanoTime() + CLOSE_NANOS;
        try {
            for (Thread thread : all) {
                thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }
}
