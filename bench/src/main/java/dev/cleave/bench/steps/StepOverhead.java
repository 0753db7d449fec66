package dev.cleave.bench.steps;

import dev.cleave.bench.steps.Variant.Part;
import dev.cleave.bench.wire.LocalMosquitto;
import dev.cleave.cloud.broker.EmbeddedBroker;
import dev.cleave.cloud.worker.WorkerService;
import dev.cleave.cloud.worker.WorkerSettings;
import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.Encoder;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.sampling.Sampler;
import dev.cleave.model.sampling.SamplingOptions;
import dev.cleave.transport.BrokerOptions;
import dev.cleave.transport.SessionRequest;
import dev.cleave.transport.Step;
import dev.cleave.transport.StepSample;
import dev.cleave.transport.Timeouts;
import dev.cleave.transport.device.DeviceLink;
import dev.cleave.transport.device.DeviceSession;
import dev.cleave.transport.device.StepReply;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Times a token of a split model over brokers against the same two segments in one process, taking turns, and prints a table
 * in Markdown. Arguments: the bundle's folder, and how many rounds.
 */
public final class StepOverhead {
    private static final int SPLIT = 6;
    private static final int FRONT_BITS = 4;
    private static final int BACK_BITS = 8;
    private static final int STEPS = 64;
    private static final int WARM_UP = 10;

    private final Bundle bundle;
    private final Sequence front;
    private final int[] id = new int[1];

    private StepOverhead(Bundle bundle, Sequence front) {
        this.bundle = bundle;
        this.front = front;
    }

    /** Prints the table. */
    public static void main(String[] args) throws Exception {
        Bundle bundle = Bundle.open(Path.of(args[0]));
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 40;
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1));
                Sequence front = begin(engine, bundle, 0, SPLIT, FRONT_BITS);
                Sequence back =
                        begin(engine, bundle, SPLIT, bundle.architecture().layers(), BACK_BITS);
                EmbeddedBroker embedded = EmbeddedBroker.start("127.0.0.1", 0, Optional.empty());
                LocalMosquitto mosquitto = LocalMosquitto.start()
                        .orElseThrow(() -> new IllegalStateException("mosquitto is not installed"))) {
            List<Variant> variants = new StepOverhead(bundle, front).run(back, embedded.uri(), mosquitto.uri(), rounds);
            print(variants);
        }
        System.exit(0);
    }

    private static Sequence begin(SegmentEngine engine, Bundle bundle, int from, int to, int bits) {
        SegmentSpec spec = new SegmentSpec(from, to, bits, Mode.FAST);
        return engine.begin(bundle, spec, bundle.architecture().context(), KvPrecision.FLOAT32);
    }

    private List<Variant> run(Sequence back, URI embedded, URI mosquitto, int rounds) {
        int most = rounds * STEPS;
        Variant local = new Variant("one process", most);
        Variant overEmbedded = new Variant("embedded Artemis", most);
        Variant overMosquitto = new Variant("Mosquitto", most);
        try (WorkerService first = worker("w1", embedded);
                WorkerService second = worker("w2", mosquitto);
                DeviceLink firstLink = DeviceLink.connect(options(embedded), "d1", Timeouts.DEFAULT);
                DeviceLink secondLink = DeviceLink.connect(options(mosquitto), "d1", Timeouts.DEFAULT);
                DeviceSession firstSession = firstLink.open(request("session1"));
                DeviceSession secondSession = secondLink.open(request("session2"))) {
            System.err.println(first.name() + " and " + second.name() + " serve; " + rounds + " rounds");
            for (int round = -WARM_UP; round < rounds; round++) {
                Variant[] variants = round < 0
                        ? new Variant[] {new Variant("", STEPS), new Variant("", STEPS), new Variant("", STEPS)}
                        : new Variant[] {local, overEmbedded, overMosquitto};
                local(variants[0], back);
                remote(variants[1], firstSession);
                remote(variants[2], secondSession);
            }
        }
        return List.of(local, overEmbedded, overMosquitto);
    }

    private void local(Variant variant, Sequence back) {
        Sampler sampler = new Sampler(bundle.architecture().vocabulary(), SamplingOptions.GREEDY);
        int token = 1;
        for (int position = 0; position < STEPS; position++) {
            long start = System.nanoTime();
            id[0] = token;
            FloatBuffer hidden = front.run(id, 0, 1, position, Output.ALL);
            long ran = System.nanoTime();
            back.hiddenInput().put(0, hidden, 0, hidden.remaining());
            long copied = System.nanoTime();
            FloatBuffer logits = back.run(1, position, Output.LAST);
            long answered = System.nanoTime();
            token = sampler.sample(logits, 0, position);
            long end = System.nanoTime();
            variant.set(Part.FRONT, ran - start);
            variant.set(Part.DECODE, copied - ran);
            variant.set(Part.BACK, answered - copied);
            variant.set(Part.SAMPLE, end - answered);
            variant.set(Part.TOTAL, end - start);
            variant.next();
        }
    }

    private void remote(Variant variant, DeviceSession session) {
        int width = bundle.architecture().hidden();
        Encoder encoder = CodecLevel.of("int8").encoder(width);
        byte[] frame = new byte[encoder.maxEncodedSize(1)];
        int token = 1;
        for (int position = 0; position < STEPS; position++) {
            long start = System.nanoTime();
            id[0] = token;
            FloatBuffer hidden = front.run(id, 0, 1, position, Output.ALL);
            long ran = System.nanoTime();
            int bytes = encoder.encode(hidden, 1, frame, 0);
            long encoded = System.nanoTime();
            session.send(Step.frame(position, 1, StepSample.LAST, frame, 0, bytes));
            StepReply reply = session.receive();
            token = reply.id(0);
            long end = System.nanoTime();
            variant.set(Part.FRONT, ran - start);
            variant.set(Part.ENCODE, encoded - ran);
            variant.set(Part.LINK, end - encoded - 1000L * reply.heldMicros());
            variant.set(Part.QUEUE, 1000L * reply.queueMicros());
            variant.set(Part.DECODE, 1000L * reply.decodeMicros());
            variant.set(Part.BACK, 1000L * reply.computeMicros());
            variant.set(Part.SAMPLE, 1000L * reply.sampleMicros());
            variant.set(Part.TOTAL, end - start);
            variant.next();
        }
    }

    private WorkerService worker(String name, URI broker) {
        WorkerSettings settings =
                new WorkerSettings(name, 4, 1L << 30, bundle.architecture().context(), 1, Duration.ofMinutes(5));
        return WorkerService.start(bundle, settings, 1, options(broker), new SimpleMeterRegistry());
    }

    private static BrokerOptions options(URI broker) {
        return BrokerOptions.of(broker.toString());
    }

    private SessionRequest request(String session) {
        return new SessionRequest(
                "d1",
                session,
                1,
                bundle.modelHash(),
                new SessionRequest.Shape(
                        SPLIT,
                        FRONT_BITS,
                        BACK_BITS,
                        false,
                        "int8",
                        bundle.architecture().context()),
                new SessionRequest.SamplingRequest(0, 0, 1, 0),
                new ArrayList<>());
    }

    private static void print(List<Variant> variants) {
        System.out.println("| ms a token, median | "
                + String.join(" | ", variants.stream().map(Variant::name).toList()) + " |");
        System.out.println("|---|" + "---:|".repeat(variants.size()));
        for (Part part : Part.values()) {
            row(part.name().toLowerCase(Locale.ROOT), variants, part, 0.5);
        }
        row("total, 25 %", variants, Part.TOTAL, 0.25);
        row("total, 75 %", variants, Part.TOTAL, 0.75);
        row("total, 99 %", variants, Part.TOTAL, 0.99);
        StringBuilder added = new StringBuilder("| **added** |");
        for (Variant variant : variants) {
            added.append(String.format(
                    Locale.ROOT,
                    " %.3f |",
                    variant.median(Part.TOTAL) - variants.get(0).median(Part.TOTAL)));
        }
        System.out.println(added);
        System.out.println();
        System.out.println(variants.get(0).steps() + " steps each");
    }

    private static void row(String name, List<Variant> variants, Part part, double share) {
        StringBuilder line = new StringBuilder("| " + name + " |");
        for (Variant variant : variants) {
            line.append(String.format(Locale.ROOT, " %.3f |", variant.quantile(part, share)));
        }
        System.out.println(line);
    }
}
