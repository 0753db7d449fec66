package dev.cleave.transport.worker;

import static dev.cleave.transport.broker.Waiting.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cleave.proto.Presence;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.emulation.LinkShape;
import dev.cleave.transport.emulation.ShapedProxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A worker behind a link that takes its time, or does not answer at all. */
class SlowLinkTest extends WorkerTest {
    private static final LinkShape TWENTY = LinkShape.of(1000, 20);

    /** One after the other they took 12 s, and a device waits for ten. */
    @Test
    @Tag("campaign")
    void manyOpeningsAtOnceAreAllAnswered() throws Exception {
        int devices = 20;
        int each = 30;
        ShapedProxy link = closing(ShapedProxy.start(broker.uri(), TWENTY, 1));
        WorkerLink worker = worker(link.uri(), TIMEOUTS, devices * each, sessions);
        ExecutorService threads = Executors.newFixedThreadPool(devices * each);
        try {
            List<Future<?>> openings = new ArrayList<>();
            for (int d = 0; d < devices; d++) {
                DeviceLink device = closing(
                        DeviceLink.connect(BrokerOptions.of(broker.uri().toString()), "d" + d, Timeouts.DEFAULT));
                for (int s = 0; s < each; s++) {
                    SessionRequest request = request("d" + d, "sess-" + (100 + s));
                    openings.add(threads.submit(() -> device.open(request)));
                }
            }
            for (Future<?> opening : openings) {
                opening.get(40, TimeUnit.SECONDS);
            }
            assertThat(worker.sessions()).isEqualTo(devices * each);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aWorkerThatStopsIsGoneHoweverMuchWaitsToBeSaid() throws Exception {
        ShapedProxy link = closing(ShapedProxy.start(broker.uri(), TWENTY, 1));
        WorkerLink worker = worker(link.uri(), TIMEOUTS, 1000, sessions);
        RawDevice device = device("d1");
        device.watch("cleave/1/presence/w/w1");
        assertThat(presence(device)).isEqualTo(Presence.State.READY);
        for (int i = 0; i < 200; i++) {
            device.ask("sess-" + (100 + i), i + 1, "n");
            // No more than may wait of one device.
            int asked = i + 1;
            await(() -> worker.sessions() > asked - 32);
        }
        await(() -> worker.sessions() == 200);
        worker.close();
        assertThat(presence(device)).isEqualTo(Presence.State.GONE);
    }

    @Test
    void aWorkerThatStopsBehindADeadLinkIsGoneWhenTheBrokerHearsOfItsEnd() throws Exception {
        ShapedProxy link = closing(ShapedProxy.start(broker.uri(), TWENTY, 1));
        WorkerLink worker = worker(link.uri(), TIMEOUTS, 1000, sessions);
        RawDevice device = device("d1");
        device.watch("cleave/1/presence/w/w1");
        assertThat(presence(device)).isEqualTo(Presence.State.READY);
        device.ask("session1", 1, "n");
        assertThat(device.hear().hasOpened()).isTrue();
        link.hold();
        worker.close();
        link.resume();
        assertThat(presence(device)).isEqualTo(Presence.State.GONE);
    }

    private static Presence.State presence(RawDevice device) throws Exception {
        return Presence.parseFrom(device.seen()).getState();
    }

    private static SessionRequest request(String device, String session) {
        return new SessionRequest(
                device,
                session,
                1,
                RawDevice.MODEL,
                new SessionRequest.Shape(6, 4, 8, false, "int8", 256),
                new SessionRequest.SamplingRequest(0, 0, 1, 0),
                List.of());
    }
}
