package dev.cleave.transport.internal;

import dev.cleave.transport.TrafficCounter;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what a link's sockets carry, over all its connections. */
public final class SocketTraffic implements TrafficCounter {
    private final AtomicLong up = new AtomicLong();
    private final AtomicLong down = new AtomicLong();

    void sent(int bytes) {
        up.addAndGet(bytes);
    }

    void received(int bytes) {
        down.addAndGet(bytes);
    }

    @Override
    public long bytesUp() {
        return up.get();
    }

    @Override
    public long bytesDown() {
        return down.get();
    }
}
