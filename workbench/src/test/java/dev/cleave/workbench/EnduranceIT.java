package dev.cleave.workbench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.Cancellation;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.TextListener;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.loop.Generator;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.device.DeviceLink;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What must not grow: the service with its sessions, the device's heap with its steps. */
@Timeout(300)
class EnduranceIT {
    private static final int FEW = 50;
    private static final int MANY = 500;
    private static final long STEP_BYTES = 16 << 10;

    @TempDir
    static Path home;

    @BeforeAll
    static void prepare() {
        Commands.prepareHearth(home, "--bits=4,8");
    }

    @Test
    void fiveHundredSessionsLeaveTheServiceAsFiftyDid() {
        try (Cloud cloud = Cloud.start(home, Map.of());
                SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1));
                DeviceModel model = open(engine);
                DeviceLink link = connect(cloud)) {
            int[] prompt = model.tokenizer().encode(Program.PROMPT, true);
            long afterFew = 0;
            for (int i = 1; i <= MANY; i++) {
                try (Generator generator = Generator.overLink(model, link, "endurance", SamplingOptions.GREEDY)) {
                    generate(generator, prompt, 8);
                }
                if (i == FEW) {
                    afterFew = cloud.resident();
                }
            }
            Program.until(
                    () -> cloud.metric("cleave_sessions") == 0,
                    () -> !cloud.program().isAlive());
            assertThat(cloud.metric("cleave_sessions_opened_total")).isEqualTo(MANY);
            assertThat(cloud.metric("cleave_kv_reserved_bytes")).isZero();
            // What its compiler has freed goes back to the system every five seconds.
            long afterMany = Long.MAX_VALUE;
            for (int i = 0; i < 12; i++) {
                afterMany = Math.min(afterMany, cloud.resident());
                Program.sleep(500);
            }
            assertThat((double) afterMany).isCloseTo(afterFew, within(0.1 * afterFew));
        }
    }

    /** All threads of the device count: its loop, and those of the MQTT client. */
    @Test
    void aStepOfTheDevicesLoopAllocatesLittle() {
        try (Cloud cloud = Cloud.start(home, Map.of());
                SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1));
                DeviceModel model = open(engine);
                DeviceLink link = connect(cloud);
                Generator generator = Generator.overLink(model, link, "endurance", SamplingOptions.GREEDY)) {
            int[] story = model.tokenizer().encode("Once upon a time", true);
            generate(generator, story, 200);

            Map<Long, Long> before = allocated();
            int shortSteps = generate(generator, story, 20).steps();
            long shortBytes = allocatedSince(before);
            before = allocated();
            int longSteps = generate(generator, story, 200).steps();
            long longBytes = allocatedSince(before);

            // What a generation takes once, whatever its length, is in both.
            long bytes = (longBytes - shortBytes) / (longSteps - shortSteps);
            System.out.println("Java heap of a step of the device's loop: " + bytes + " bytes");
            assertThat(longSteps - shortSteps).isGreaterThan(100);
            assertThat(bytes).isBetween(1L, STEP_BYTES);
        }
    }

    private static DeviceModel open(SegmentEngine engine) {
        Bundle bundle = Bundle.open(home.resolve("models/hearth-5m"));
        SplitConfig config = new SplitConfig(6, 4, 8, CodecLevel.of("int8"), Mode.FAST);
        return DeviceModel.open(bundle, Tokenizer.of(bundle.tokenizerJson()), engine, config, 256);
    }

    private static DeviceLink connect(Cloud cloud) {
        return DeviceLink.connect(BrokerOptions.of(cloud.brokerUri()), "endurance", Timeouts.DEFAULT);
    }

    private static GenerationResult generate(Generator generator, int[] prompt, int tokens) {
        return generator.generate(prompt, tokens, TextListener.NONE, new Cancellation());
    }

    /** Returns bytes by thread. */
    private static Map<Long, Long> allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        Map<Long, Long> byThread = new HashMap<>();
        for (int i = 0; i < ids.length; i++) {
            byThread.put(ids[i], Math.max(0, bytes[i]));
        }
        return byThread;
    }

    /** Sums over the threads that are still there: one that has ended takes its count with it. */
    private static long allocatedSince(Map<Long, Long> before) {
        return allocated().entrySet().stream()
                .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
                .sum();
    }
}
