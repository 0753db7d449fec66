package dev.cleave.bench.engine;

import dev.cleave.bench.ProcessMemory;
import dev.cleave.bench.Statistics;
import dev.cleave.bench.rival.LlamaCpp;
import dev.cleave.model.Architecture;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.Output;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.SegmentSpec;
import dev.cleave.model.Sequence;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.Preparation;
import dev.cleave.model.bundle.PreparationOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.util.List;

/**
 * One measurement in a process of its own, because the number of threads is a process's: prints {@code name=value} lines for
 * {@link EngineTable}.
 */
public final class EngineRun {
    /** Tokens of the prompt whose reading is timed. */
    static final int PROMPT = 128;

    /** Tokens that are generated behind a short prompt. */
    static final int GENERATED = 48;

    /** The bundle beside the measured one that warms up. */
    static final String TINY = "tiny";

    private static final int SHORT_PROMPT = 4;
    private static final int MAX_SEQUENCE = 512;
    private static final int REPEATS = 3;

    private EngineRun() {}

    /** Takes {@code read THREADS}, {@code prepare CHECKPOINT BUNDLE}, {@code cleave BUNDLE BITS THREADS} or {@code llama GGUF THREADS}. */
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "read" -> print("bandwidth", ReadLoop.bytesPerSecond(Integer.parseInt(args[1])));
            case "prepare" -> prepare(Path.of(args[1]), Path.of(args[2]));
            case "cleave" -> cleave(Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            case "llama" -> llama(Path.of(args[1]), Integer.parseInt(args[2]));
            default -> throw new IllegalArgumentException("unknown measurement " + args[0]);
        }
        // llama.cpp leaves a thread behind that would keep the process.
        System.exit(0);
    }

    private static void prepare(Path checkpoint, Path bundle) {
        long start = System.nanoTime();
        Preparation.prepare(
                PreparationOptions.of(checkpoint, bundle, List.of(2, 4, 8)).withoutTokenizerRequired());
        print("seconds", (System.nanoTime() - start) / 1e9);
        print(
                "peakHeap",
                ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .map(MemoryPoolMXBean::getPeakUsage)
                        .mapToLong(usage -> usage.getUsed())
                        .sum());
    }

    private static void cleave(Path folder, int bits, int threads) {
        Bundle bundle = Bundle.open(folder);
        Architecture shape = bundle.architecture();
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(threads))) {
            warmUp(engine, Bundle.open(folder.resolveSibling(TINY)));
            long before = ProcessMemory.resident();
            long start = System.nanoTime();
            try (Sequence segment = engine.begin(
                    bundle, new SegmentSpec(0, shape.layers(), bits, Mode.FAST), MAX_SEQUENCE, KvPrecision.FLOAT32)) {
                print("open", (System.nanoTime() - start) / 1e9);
                double[] prefill = new double[REPEATS];
                double[] decode = new double[REPEATS];
                // Strides over the vocabulary, shifted each time: rows of the embedding from everywhere.
                for (int i = -1; i < REPEATS; i++) {
                    double prefillSeconds = prefill(segment, ids(shape, i + 1));
                    double decodeSeconds = decode(segment, ids(shape, i + 1));
                    if (i >= 0) {
                        prefill[i] = PROMPT / prefillSeconds;
                        decode[i] = GENERATED / decodeSeconds;
                    }
                }
                print("prefill", Statistics.median(prefill));
                print("decode", Statistics.median(decode));
                print("resident", ProcessMemory.resident() - before);
                print("memory", segment.wholeFootprint().total());
                print("weights", segment.wholeFootprint().weights());
            }
        }
    }

    /** Loads ONNX Runtime's code and the virtual machine's: what a process takes without any model. */
    private static void warmUp(SegmentEngine engine, Bundle tiny) {
        int layers = tiny.architecture().layers();
        try (Sequence segment =
                engine.begin(tiny, new SegmentSpec(0, layers, 4, Mode.FAST), MAX_SEQUENCE, KvPrecision.FLOAT32)) {
            for (int i = 0; i < 50; i++) {
                prefill(segment, new int[PROMPT]);
                decode(segment, new int[PROMPT]);
            }
        }
    }

    private static double prefill(Sequence segment, int[] ids) {
        long start = System.nanoTime();
        segment.run(ids, 0, PROMPT, 0, Output.LAST);
        return (System.nanoTime() - start) / 1e9;
    }

    private static double decode(Sequence segment, int[] ids) {
        segment.run(ids, 0, SHORT_PROMPT, 0, Output.LAST);
        long start = System.nanoTime();
        for (int i = 0; i < GENERATED; i++) {
            segment.run(ids, i, 1, SHORT_PROMPT + i, Output.LAST);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static int[] ids(Architecture shape, int shift) {
        int stride = shape.vocabulary() / PROMPT;
        int[] ids = new int[PROMPT];
        for (int i = 0; i < PROMPT; i++) {
            ids[i] = i * stride + shift * stride / (REPEATS + 1);
        }
        return ids;
    }

    private static void llama(Path gguf, int threads) {
        try (LlamaCpp llama = new LlamaCpp(gguf, threads, MAX_SEQUENCE)) {
            llama.prefillSeconds(PROMPT);
            llama.decodeSeconds(GENERATED);
            double[] prefill = new double[REPEATS];
            double[] decode = new double[REPEATS];
            for (int i = 0; i < REPEATS; i++) {
                prefill[i] = PROMPT / llama.prefillSeconds(PROMPT);
                decode[i] = 1 / llama.decodeSeconds(GENERATED);
            }
            print("prefill", Statistics.median(prefill));
            print("decode", Statistics.median(decode));
        }
    }

    private static void print(String name, double value) {
        System.out.println("RESULT " + name + "=" + value);
    }
}
