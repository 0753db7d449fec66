package dev.cleave.transport.emulation;

import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.LongAdder;

/**
 * One direction of one connection: a thread that reads into the {@link Lane}, and one that writes what has come out of it when it
 * is due.
 */
final class Flow {
    /** Beyond what the wire holds by itself; long enough that a reader may sleep 20 ms at 100 Mbit/s. */
    private static final double BUFFER_BYTES = 256 * 1024;

    private static final double MOST_BUFFER_BYTES = 16 * 1024 * 1024;
    /** A piece is one segment, or what the link sends in this time where that is more. */
    private static final double PIECE_SECONDS = 0.5e-3;

    private static final int MOST_PIECE_BYTES = 45 * LinkShape.SEGMENT_BYTES;
    private static final byte[] NOTHING = {};

    private final LinkState link;
    private final Lane lane;
    private final boolean up;
    private final Socket from;
    private final Socket to;
    private final Runnable abort;
    private final LongAdder delivered;
    private final SplittableRandom random;
    private final BlockingQueue<Piece> wire = new LinkedBlockingQueue<>();
    private long lastDue = System.nanoTime();
    private long buffered;
    private volatile boolean dropped;

    /** The link's side of a flow. */
    record Wiring(LinkState link, Lane lane, boolean up, LongAdder delivered, long seed) {}

    Flow(Wiring wiring, Socket from, Socket to, Runnable abort) {
        this.link = wiring.link;
        this.lane = wiring.lane;
        this.up = wiring.up;
        this.delivered = wiring.delivered;
        this.random = new SplittableRandom(wiring.seed);
        this.from = from;
        this.to = to;
        this.abort = abort;
    }

    /** Says that nobody waits for its bytes any more. */
    void drop() {
        dropped = true;
    }

    boolean dropped() {
        return dropped;
    }

    /** Reads until the stream ends. */
    void read() {
        Piece.Kind end = Piece.Kind.END;
        try {
            byte[] scratch = new byte[MOST_PIECE_BYTES];
            while (true) {
                LinkShape shape = link.shape();
                awaitRoom(shape);
                int count = from.getInputStream().read(scratch, 0, pieceBytes(shape));
                long now = System.nanoTime();
                if (count < 0) {
                    break;
                }
                synchronized (this) {
                    buffered += count;
                }
                lane.submit(new Piece(this, Arrays.copyOf(scratch, count), Piece.Kind.BYTES, now));
            }
        } catch (IOException broken) {
            end = Piece.Kind.RESET;
        } catch (InterruptedException stop) {
            return;
        }
        lane.submit(new Piece(this, NOTHING, end, System.nanoTime()));
    }

    private int pieceBytes(LinkShape shape) {
        double bytes = shape.bitsPerSecond(up) / 8 * PIECE_SECONDS;
        return Math.max(1, (int) Math.min(bytes / LinkShape.SEGMENT_BYTES, MOST_PIECE_BYTES / LinkShape.SEGMENT_BYTES))
                * LinkShape.SEGMENT_BYTES;
    }

    private void awaitRoom(LinkShape shape) throws InterruptedException {
        double wireSeconds = (shape.roundTripMillis() / 2 + shape.jitterMillis()) / 1e3;
        double room = BUFFER_BYTES + (wireSeconds == 0 ? 0 : wireSeconds * shape.bitsPerSecond(up) / 8);
        synchronized (this) {
            while (buffered >= Math.min(room, MOST_BUFFER_BYTES)) {
                wait();
            }
        }
    }

    /** Puts what has left the sender on the wire; called by the lane alone. */
    void propagate(Piece piece, long departed) {
        LinkShape shape = link.shape();
        double millis = shape.roundTripMillis() / 2;
        if (piece.kind() == Piece.Kind.BYTES) {
            millis += random.nextDouble() * shape.jitterMillis();
            int segments = (piece.bytes().length + LinkShape.SEGMENT_BYTES - 1) / LinkShape.SEGMENT_BYTES;
            if (random.nextDouble() < 1 - Math.pow(1 - shape.stallProbability(), segments)) {
                millis += shape.stallMillis();
            }
        }
        long due = departed + (long) Math.ceil(millis * 1e6);
        lastDue = due - lastDue > 0 ? due : lastDue;
        wire.add(piece.at(lastDue));
    }

    /** Writes until the stream ends, or breaks. Returns whether it ended. */
    boolean write() {
        try {
            while (true) {
                Piece piece = wire.take();
                link.await(piece.nanos());
                if (piece.kind() == Piece.Kind.END) {
                    to.shutdownOutput();
                    return true;
                }
                if (piece.kind() == Piece.Kind.RESET) {
                    break;
                }
                delivered.add(piece.bytes().length);
                to.getOutputStream().write(piece.bytes());
                synchronized (this) {
                    buffered -= piece.bytes().length;
                    notifyAll();
                }
            }
        } catch (IOException broken) {
            // The receiver is gone: so is the connection.
        } catch (InterruptedException stop) {
            return false;
        }
        abort.run();
        return false;
    }
}
