package dev.cleave.transport.emulation;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One direction of a link, shared by all its connections: pieces leave in the order in which they came, each when its last bit is
 * on the wire.
 *
 * <p>Departures are reckoned, not slept: a piece departs (bits / bandwidth) after the one before it departed or after it came,
 * whichever is later, so that a thread that wakes late costs delay and no bandwidth. A change of the link holds from the next bit.
 */
final class Lane implements Runnable {
    private static final double NANOS = 1e9;

    private final LinkState link;
    private final boolean up;
    /** Flows bound what they have in it. */
    private final BlockingQueue<Piece> queue = new LinkedBlockingQueue<>();

    Lane(LinkState link, boolean up) {
        this.link = link;
        this.up = up;
    }

    void submit(Piece piece) {
        queue.add(piece);
    }

    @Override
    public void run() {
        long free = System.nanoTime();
        try {
            while (!link.closed()) {
                Piece piece = queue.take();
                if (piece.flow().dropped()) {
                    continue;
                }
                long start = piece.nanos() - free > 0 ? piece.nanos() : free;
                free = departed(piece.bytes().length * 8.0, start);
                piece.flow().propagate(piece, free);
            }
        } catch (InterruptedException stop) {
            // The proxy is closed.
        }
    }

    private long departed(double bits, long start) throws InterruptedException {
        double left = bits;
        long since = start;
        LinkShape shape = link.shape();
        while (true) {
            long departs = since + (long) Math.ceil(left / shape.bitsPerSecond(up) * NANOS);
            if (link.dead()) {
                // What was cut off is sent again whole.
                link.await(System.nanoTime());
                shape = link.shape();
                since = System.nanoTime();
                left = bits;
                continue;
            }
            if (departs - System.nanoTime() <= 0) {
                return departs;
            }
            link.slice(departs);
            long now = System.nanoTime();
            if (link.shape() != shape && departs - now > 0) {
                left -= (now - since) * shape.bitsPerSecond(up) / NANOS;
                since = now;
                shape = link.shape();
            }
        }
    }
}
