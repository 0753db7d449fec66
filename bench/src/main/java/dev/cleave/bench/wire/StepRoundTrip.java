package dev.cleave.bench.wire;

import com.sun.management.ThreadMXBean;
import dev.cleave.cloud.broker.EmbeddedBroker;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.SessionLimits;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.Step;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.device.StepReply;
import dev.cleave.transport.worker.StepAnswer;
import dev.cleave.transport.worker.WorkerLink;
import dev.cleave.transport.worker.WorkerOptions;
import dev.cleave.transport.worker.WorkerSession;
import dev.cleave.transport.worker.WorkerStep;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A step's way to a worker and back, by payload, over the embedded broker and Mosquitto: the worker answers at once, so what is
 * measured is transport alone. Prints rows of a Markdown table: round trip as the session states it, the worker's share, and
 * bytes of Java heap a step on the device's threads and on the worker's.
 *
 * <p>Arguments: payload sizes in bytes; 200, 4096, 65536 and 262144 without.
 */
public final class StepRoundTrip {
    private static final int WARMUP = 5_000;
    private static final long BUDGET_BYTES = 200_000_000;
    private static final String MODEL = "0123456789abcdef".repeat(4);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private StepRoundTrip() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        int[] sizes = arguments.length == 0
                ? new int[] {200, 4096, 65_536, 262_144}
                : Arrays.stream(arguments).mapToInt(Integer::parseInt).toArray();
        System.out.println(
                "| broker | payload, bytes | steps | p50, ms | p99, ms | worker p50, ms | device heap, bytes a step | worker heap |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        try (EmbeddedBroker broker = EmbeddedBroker.start("127.0.0.1", 0, Optional.empty())) {
            measure("embedded Artemis", BrokerOptions.of(broker.uri().toString()), sizes);
        }
        Optional<LocalMosquitto> mosquitto = LocalMosquitto.start();
        if (mosquitto.isEmpty()) {
            System.err.println("mosquitto is not installed (Debian package mosquitto): skipped");
            return;
        }
        try (LocalMosquitto broker = mosquitto.get()) {
            measure("Mosquitto", BrokerOptions.of(broker.uri().toString()), sizes);
        }
    }

    private static void measure(String name, BrokerOptions broker, int[] sizes) {
        ExecutorService executor = Executors.newFixedThreadPool(1, task -> new Thread(task, "bench-worker"));
        SessionLimits limits = new SessionLimits(1 << 20, 1024, 96 * 1024, 4, 60_000);
        try (WorkerLink worker = WorkerLink.start(
                        broker,
                        new WorkerOptions("bench", MODEL, 4, 60_000, Timeouts.DEFAULT),
                        request ->
                                new dev.cleave.transport.worker.WorkerSessions.Opened(new Instant(), limits, 1 << 20),
                        executor);
                DeviceLink link = DeviceLink.connect(broker, "bench-device", Timeouts.DEFAULT);
                DeviceSession session = link.open(request())) {
            if (worker.sessions() != 1) {
                throw new IllegalStateException(worker.sessions() + " sessions where this is the only one");
            }
            for (int size : sizes) {
                int steps = (int) Math.max(200, Math.min(20_000, BUDGET_BYTES / size / 2));
                run(session, size, Math.min(WARMUP, steps));
                Map<String, Long> before = allocated();
                long[][] times = run(session, size, steps);
                Map<String, Long> after = allocated();
                Arrays.sort(times[0]);
                Arrays.sort(times[1]);
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %,d | %,d | %.3f | %.3f | %.3f | %,d | %,d |%n",
                        name,
                        size,
                        steps,
                        times[0][steps / 2] / 1e6,
                        times[0][steps * 99 / 100] / 1e6,
                        times[1][steps / 2] / 1e3,
                        (after.get("device") - before.get("device")) / steps,
                        (after.get("worker") - before.get("worker")) / steps);
            }
        } finally {
            executor.shutdown();
        }
    }

    private static long[][] run(DeviceSession session, int size, int steps) {
        byte[] frame = new byte[size];
        long[] roundTrips = new long[steps];
        long[] held = new long[steps];
        for (int step = 0; step < steps; step++) {
            session.send(Step.frame(step, 1, StepSample.LAST, frame, 0, size));
            StepReply reply = session.receive();
            roundTrips[step] = reply.roundTripNanos();
            held[step] = reply.heldMicros();
        }
        return new long[][] {roundTrips, held};
    }

    /** Bytes so far by end: Paho names its threads after the client. */
    private static Map<String, Long> allocated() {
        Map<String, Long> bytes = new TreeMap<>(Map.of("device", 0L, "worker", 0L));
        long[] ids = THREADS.getAllThreadIds();
        long[] each = THREADS.getThreadAllocatedBytes(ids);
        for (int i = 0; i < ids.length; i++) {
            var info = THREADS.getThreadInfo(ids[i]);
            if (info == null) {
                continue;
            }
            String thread = info.getThreadName();
            if (thread.contains("cleave-d-") || ids[i] == Thread.currentThread().getId()) {
                bytes.merge("device", each[i], Long::sum);
            } else if (thread.contains("cleave-w-") || thread.startsWith("bench-worker")) {
                bytes.merge("worker", each[i], Long::sum);
            }
        }
        return bytes;
    }

    private static SessionRequest request() {
        return new SessionRequest(
                "bench-device",
                "roundtrp",
                1,
                MODEL,
                new SessionRequest.Shape(6, 4, 8, false, "int8", 1 << 20),
                new SessionRequest.SamplingRequest(0, 0, 1, 0),
                List.of());
    }

    private static final class Instant implements WorkerSession {
        @Override
        public void step(WorkerStep step, StepAnswer answer) {
            answer.token(7, -0.5f);
            answer.done();
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
