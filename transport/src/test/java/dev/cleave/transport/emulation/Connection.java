package dev.cleave.transport.emulation;

import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

/** A client's connection and the one behind it, with the four threads that carry their bytes. */
final class Connection {
    private final Socket client;
    private final Socket target;
    private final Consumer<Connection> gone;
    private final Flow upward;
    private final Flow downward;
    private final List<Thread> threads;
    private final AtomicInteger open = new AtomicInteger(2);

    Connection(
            int number,
            Socket client,
            Socket target,
            Function<Boolean, Flow.Wiring> wiring,
            Consumer<Connection> gone) {
        this.client = client;
        this.target = target;
        this.gone = gone;
        this.upward = new Flow(wiring.apply(true), client, target, this::abort);
        this.downward = new Flow(wiring.apply(false), target, client, this::abort);
        this.threads = List.of(
                new Thread(upward::read, "shaped-" + number + "-up-read"),
                new Thread(() -> finish(upward.write()), "shaped-" + number + "-up-write"),
                new Thread(downward::read, "shaped-" + number + "-down-read"),
                new Thread(() -> finish(downward.write()), "shaped-" + number + "-down-write"));
    }

    void start() throws IOException {
        client.setTcpNoDelay(true);
        target.setTcpNoDelay(true);
        for (Thread thread : threads) {
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void finish(boolean ended) {
        if (ended && open.decrementAndGet() == 0) {
            close(false);
        }
    }

    /** Breaks both sides off: what is on its way is lost. */
    void abort() {
        close(true);
    }

    private void close(boolean reset) {
        upward.drop();
        downward.drop();
        for (Socket socket : List.of(client, target)) {
            try (socket) {
                if (reset && !socket.isClosed()) {
                    socket.setSoLinger(true, 0);
                }
            } catch (IOException already) {
                // It is closed, which is what was wanted.
            }
        }
        threads.forEach(Thread::interrupt);
        gone.accept(this);
    }

    List<Thread> threads() {
        return threads;
    }
}
