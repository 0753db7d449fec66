package dev.cleave.transport.broker;

import dev.cleave.transport.emulation.LinkShape;
import dev.cleave.transport.emulation.ShapedProxy;
import java.io.IOException;
import java.net.URI;

/** A broker at the far end of an emulated link. */
public final class DelayedBroker implements TestBroker {
    private static final double FREE = Double.POSITIVE_INFINITY;

    private final TestBroker broker;
    private final ShapedProxy proxy;

    /**
     * Puts a broker behind a link whose every client pays for it.
     *
     * @param roundTripMillis 0..60,000
     * @param jitterMillis most that is added to each way, 0..60,000
     */
    public DelayedBroker(TestBroker broker, double roundTripMillis, double jitterMillis) throws IOException {
        this.broker = broker;
        proxy = ShapedProxy.start(broker.uri(), new LinkShape(FREE, FREE, roundTripMillis, jitterMillis, 0), 1);
    }

    @Override
    public URI uri() {
        return proxy.uri();
    }

    @Override
    public void kill() {
        broker.kill();
    }

    @Override
    public void close() {
        proxy.close();
        broker.close();
    }
}
