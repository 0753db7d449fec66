package dev.cleave.bench.emulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.cleave.bench.wire.LocalMosquitto;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.Step;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.device.StepReply;
import dev.cleave.transport.emulation.LinkShape;
import dev.cleave.transport.emulation.ShapedProxy;
import dev.cleave.transport.worker.StepAnswer;
import dev.cleave.transport.worker.WorkerLink;
import dev.cleave.transport.worker.WorkerOptions;
import dev.cleave.transport.worker.WorkerSession;
import dev.cleave.transport.worker.WorkerSessions;
import dev.cleave.transport.worker.WorkerStep;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session of a device behind an emulated link, with Mosquitto and a worker that answers at once. */
@Timeout(120)
class ShapedSessionTest {
    private static final String MODEL = "0123456789abcdef".repeat(4);
    private static final int STEP_BYTES = 25_000;

    @Test
    void aStepPaysForTheLinkAsItIs() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        SessionLimits limits = new SessionLimits(64, 64, 96 * 1024, 4, 60_000);
        try (LocalMosquitto broker = mosquitto();
                ShapedProxy proxy = ShapedProxy.start(broker.uri(), LinkShape.of(10, 60), 1);
                WorkerLink worker = WorkerLink.start(
                        BrokerOptions.of(broker.uri().toString()),
                        new WorkerOptions("w1", MODEL, 4, 60_000, Timeouts.DEFAULT),
                        request -> new WorkerSessions.Opened(new AtOnce(), limits, 1 << 20),
                        executor);
                DeviceLink link =
                        DeviceLink.connect(BrokerOptions.of(proxy.uri().toString()), "d1", Timeouts.DEFAULT);
                DeviceSession session = link.open(request())) {
            assertThat(worker.sessions()).isEqualTo(1);
            assertThat(stepMillis(session, 0)).isGreaterThanOrEqualTo(60 + STEP_BYTES * 8 / 10e3);
            proxy.setLink(proxy.link().withBandwidth(0.1));
            assertThat(stepMillis(session, 1)).isGreaterThanOrEqualTo(60 + STEP_BYTES * 8 / 1e3);
            assertThat(proxy.bytesUp()).isGreaterThan(2 * STEP_BYTES);
        } finally {
            executor.shutdown();
        }
    }

    private static LocalMosquitto mosquitto() throws Exception {
        return LocalMosquitto.start().orElseGet(() -> {
            String missing = "mosquitto is not installed (Debian package mosquitto)";
            return Boolean.getBoolean("cleave.require.mosquitto") ? fail(missing) : abort(missing);
        });
    }

    private static double stepMillis(DeviceSession session, int position) {
        long begin = System.nanoTime();
        session.send(Step.frame(position, 1, StepSample.LAST, new byte[STEP_BYTES], 0, STEP_BYTES));
        StepReply reply = session.receive();
        double millis = (System.nanoTime() - begin) / 1e6;
        assertThat(reply.id(0)).isEqualTo(7 + position);
        return millis;
    }

    private static SessionRequest request() {
        return new SessionRequest(
                "d1",
                "session1",
                1,
                MODEL,
                new SessionRequest.Shape(6, 4, 8, false, "int8", 64),
                new SessionRequest.SamplingRequest(0, 0, 1, 0),
                List.of());
    }

    private static final class AtOnce implements WorkerSession {
        private int next = 7;

        @Override
        public void step(WorkerStep step, StepAnswer answer) {
            answer.token(next++, -0.5f);
            answer.done();
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
