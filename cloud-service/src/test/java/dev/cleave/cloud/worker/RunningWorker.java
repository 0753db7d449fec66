package dev.cleave.cloud.worker;

import dev.cleave.codec.CodecLevel;
import dev.cleave.generation.Cancellation;
import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.SplitConfig;
import dev.cleave.generation.backend.DeviceModel;
import dev.cleave.generation.loop.Generator;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.device.DeviceLink;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A worker in this virtual machine on a real broker, and devices that use it. */
final class RunningWorker implements AutoCloseable {
    final Bundle bundle = Bundles.hearth();
    final Tokenizer tokenizer = Tokenizer.of(bundle.tokenizerJson());
    final WorkerService service;
    private final URI broker;

    RunningWorker(URI broker, LogitsTap tap) {
        this(broker, new WorkerSettings("w1", 64, 1L << 30, 256, 2, Duration.ofMinutes(5)), tap);
    }

    RunningWorker(URI broker, WorkerSettings settings, LogitsTap tap) {
        this.broker = broker;
        service = WorkerService.start(
                bundle,
                settings,
                1,
                BrokerOptions.of(broker.toString()),
                new WorkerMetrics(new SimpleMeterRegistry(), bundle.name()),
                tap);
    }

    /** Connects a device. */
    DeviceLink connect(String device, Timeouts timeouts) {
        return DeviceLink.connect(BrokerOptions.of(broker.toString()), device, timeouts);
    }

    /** Waits until no session and no KV cache is left; returns whether that came to be within a generous limit. */
    boolean becomesIdle() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (service.kvReserved() > 0 || service.sessions() > 0) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            Thread.sleep(10);
        }
        return true;
    }

    static SplitConfig config(int split, int frontBits, int backBits, String link, Mode mode) {
        return new SplitConfig(split, frontBits, backBits, CodecLevel.of(link), mode);
    }

    /** Answers one prompt as a device of its own would. */
    GenerationResult answer(SegmentEngine engine, String device, SplitConfig config, String prompt, int maxTokens) {
        return answer(engine, device, config, tokenizer.encode(prompt, true), maxTokens, SamplingOptions.GREEDY);
    }

    GenerationResult answer(
            SegmentEngine engine,
            String device,
            SplitConfig config,
            int[] prompt,
            int maxTokens,
            SamplingOptions sampling) {
        try (DeviceModel model = DeviceModel.open(
                        bundle, tokenizer, engine, config, bundle.architecture().context());
                DeviceLink link = DeviceLink.connect(BrokerOptions.of(broker.toString()), device, Timeouts.DEFAULT);
                Generator generator = Generator.overLink(model, link, device, sampling)) {
            return generator.generate(prompt, maxTokens, text -> {}, new Cancellation());
        }
    }

    @Override
    public void close() {
        service.close();
    }
}
