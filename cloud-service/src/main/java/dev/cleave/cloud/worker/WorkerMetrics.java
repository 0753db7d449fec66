package dev.cleave.cloud.worker;

import dev.cleave.transport.RefusalCode;
import dev.cleave.transport.SessionErrorCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * What a worker counts and times; docs/cloud.md explains each. Names that OpenTelemetry's conventions for generative AI
 * have are theirs ({@code gen_ai.*}), the rest begins with {@code cleave.}.
 */
public final class WorkerMetrics {
    private final MeterRegistry registry;
    private final Tags model;
    private final AtomicInteger sessions = new AtomicInteger();
    private final Counter opened;
    private final Map<RefusalCode, Counter> refused;
    private final Map<SessionErrorCode, Counter> failed;
    private final Counter steps;
    private final Counter inputTokens;
    private final Counter outputTokens;
    private final Timer queue;
    private final Timer decode;
    private final Timer compute;
    private final Timer sample;
    private final Timer firstToken;
    private final Timer nextToken;

    /**
     * Registers the meters of one worker.
     *
     * @param model name of the bundle
     */
    public WorkerMetrics(MeterRegistry registry, String model) {
        this.registry = registry;
        this.model = Tags.of("gen_ai.request.model", model);
        gauge("cleave.sessions", "Open sessions", null, sessions, AtomicInteger::get);
        opened = counter("cleave.sessions.opened", "Sessions opened", Tags.empty());
        refused = byCode(RefusalCode.class, "cleave.sessions.refused", "Sessions refused");
        failed = byCode(
                SessionErrorCode.class, "cleave.sessions.failed", "Sessions that the worker ended with an error");
        steps = counter("cleave.steps", "Steps computed", Tags.empty());
        inputTokens = counter("cleave.tokens", "Tokens", Tags.of("gen_ai.token.type", "input"));
        outputTokens = counter("cleave.tokens", "Tokens", Tags.of("gen_ai.token.type", "output"));
        queue = timer("cleave.step.queue", "Waiting for a compute thread");
        decode = timer("cleave.step.decode", "Decoding a frame");
        compute = timer("cleave.step.compute", "Running the back segment");
        sample = timer("cleave.step.sample", "Sampling");
        firstToken = timer("gen_ai.server.time_to_first_token", "From a prompt's first step to its first token");
        nextToken = timer("gen_ai.server.time_per_output_token", "The worker's share of each further token");
    }

    void watch(MemoryAccount memory) {
        gauge("cleave.kv.reserved", "Memory reserved by open sessions", "bytes", memory, MemoryAccount::reserved);
        gauge("cleave.kv.limit", "Memory that sessions may reserve", "bytes", memory, MemoryAccount::limit);
    }

    void opened() {
        opened.increment();
        sessions.incrementAndGet();
    }

    void closed() {
        sessions.decrementAndGet();
    }

    void refused(RefusalCode code) {
        refused.get(code).increment();
    }

    void failed(SessionErrorCode code) {
        failed.get(code).increment();
    }

    /** Counts a waiting time, ns. */
    void queued(long nanos) {
        queue.record(nanos, TimeUnit.NANOSECONDS);
    }

    /** Counts a step, ns each; sampling is -1 where there was none. */
    void step(long decodeNanos, long computeNanos, long sampleNanos) {
        steps.increment();
        decode.record(decodeNanos, TimeUnit.NANOSECONDS);
        compute.record(computeNanos, TimeUnit.NANOSECONDS);
        if (sampleNanos >= 0) {
            sample.record(sampleNanos, TimeUnit.NANOSECONDS);
        }
    }

    void tokens(int input, int output) {
        inputTokens.increment(input);
        outputTokens.increment(output);
    }

    void firstToken(long nanos) {
        firstToken.record(nanos, TimeUnit.NANOSECONDS);
    }

    void nextToken(long nanos) {
        nextToken.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Counter counter(String name, String description, Tags tags) {
        return Counter.builder(name)
                .description(description)
                .tags(model.and(tags))
                .register(registry);
    }

    private Timer timer(String name, String description) {
        return Timer.builder(name).description(description).tags(model).register(registry);
    }

    private <T> void gauge(String name, String description, String unit, T source, Function<T, Number> value) {
        Gauge.builder(name, source, s -> value.apply(s).doubleValue())
                .description(description)
                .baseUnit(unit)
                .tags(model)
                .strongReference(true)
                .register(registry);
    }

    private <E extends Enum<E>> Map<E, Counter> byCode(Class<E> codes, String name, String description) {
        Map<E, Counter> counters = new EnumMap<>(codes);
        for (E code : codes.getEnumConstants()) {
            counters.put(code, counter(name, description, Tags.of("code", code.name())));
        }
        return counters;
    }
}
