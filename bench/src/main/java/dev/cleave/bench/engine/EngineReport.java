package dev.cleave.bench.engine;

import dev.cleave.bench.Statistics;
import dev.cleave.model.Architecture;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The table of what {@link EngineTable} measured. */
final class EngineReport {
    private static final double MIB = 1 << 20;
    private static final int BLOCK = 128;

    private final Architecture shape;
    private final Map<String, Map<String, List<Double>>> results;
    private final int turns;

    EngineReport(Architecture shape, Map<String, Map<String, List<Double>>> results, int turns) {
        this.shape = shape;
        this.results = results;
        this.turns = turns;
    }

    static String read(int threads) {
        return "read/" + threads;
    }

    static String cleave(int bits, int threads) {
        return "cleave/" + bits + "/" + threads;
    }

    static String llama(int bits, int threads) {
        return "llama/" + bits + "/" + threads;
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        line(text, "# Segments on ONNX Runtime");
        line(text, "");
        line(
                text,
                "TinyLlama-1.1B's shape (%d layers, d %d, %d heads of %d, %d for K and V, feed-forward %d, vocabulary %d, head"
                        + " not tied), random weights, `fast`. Each row: medians over %d turns of a process of its own (each a"
                        + " median of three), rows taking turns; ± half the distance between the least and the greatest."
                        + " Decode: %d tokens behind a prompt of 4. Prefill: %d tokens in one step.",
                shape.layers(),
                shape.hidden(),
                shape.heads(),
                shape.headSize(),
                shape.kvHeads(),
                shape.feedForward(),
                shape.vocabulary(),
                turns,
                EngineRun.GENERATED,
                EngineRun.PROMPT);
        line(text, "");
        preparation(text);
        speed(text);
        memory(text);
        return text.toString();
    }

    private void preparation(StringBuilder text) {
        if (results.containsKey("prepare")) {
            line(
                    text,
                    "Preparing it at 2, 4 and 8 bits from 2.2 GB of bfloat16: %.0f s with `-Xmx512m`, %.0f MiB of heap at its"
                            + " peak.",
                    median("prepare", "seconds"),
                    median("prepare", "peakHeap") / MIB);
            line(text, "");
        }
    }

    private void speed(StringBuilder text) {
        line(text, "## Speed");
        line(text, "");
        line(
                text,
                "The bound of decoding: the packed weights are read once a token, so bandwidth / bytes. The bandwidth is that of a"
                        + " read loop of as many threads, measured between the rows: %s.",
                bandwidths());
        line(text, "");
        line(
                text,
                "| bits | threads | decode, tokens/s | share of the bound | llama.cpp | ratio | prefill, tokens/s | llama.cpp |"
                        + " ratio |");
        line(text, "|---|---|---|---|---|---|---|---|---|");
        for (int bits : List.of(2, 4, 8)) {
            for (int threads = 1; threads <= 2; threads++) {
                String row = cleave(bits, threads);
                String rival = llama(bits, threads);
                double share = median(row, "decode") * bytesPerToken(bits) / median(read(threads), "bandwidth");
                line(
                        text,
                        "| %d | %d | %s | %.0f %% | %s | %s | %s | %s | %s |",
                        bits,
                        threads,
                        value(row, "decode"),
                        100 * share,
                        value(rival, "decode"),
                        ratio(row, rival, "decode"),
                        value(row, "prefill"),
                        value(rival, "prefill"),
                        ratio(row, rival, "prefill"));
            }
        }
        line(text, "");
    }

    private String bandwidths() {
        return String.format(
                Locale.ROOT,
                "%.1f GB/s with one thread, %.1f GB/s with two",
                median(read(1), "bandwidth") / 1e9,
                median(read(2), "bandwidth") / 1e9);
    }

    private void memory(StringBuilder text) {
        line(text, "## Memory");
        line(text, "");
        line(text, "All layers in one segment, a KV cache of 512 tokens, resident bytes after prefill and decode.");
        line(text, "");
        line(text, "| bits | threads | `memory()`, MiB | of that weights | resident, MiB | difference | opening, s |");
        line(text, "|---|---|---|---|---|---|---|");
        for (int bits : List.of(2, 4, 8)) {
            for (int threads = 1; threads <= 2; threads++) {
                String row = cleave(bits, threads);
                line(
                        text,
                        "| %d | %d | %.0f | %.0f | %.0f | %+.1f %% | %.1f |",
                        bits,
                        threads,
                        median(row, "memory") / MIB,
                        median(row, "weights") / MIB,
                        median(row, "resident") / MIB,
                        100 * (median(row, "resident") / median(row, "memory") - 1),
                        median(row, "open"));
            }
        }
    }

    /** Returns the bytes that a token reads: codes, and two floats for each block, of all layers and the head. */
    private double bytesPerToken(int bits) {
        double layer = (double) shape.hidden() * (shape.qkvRows() + shape.attentionWidth() + 3.0 * shape.feedForward());
        double weights = shape.layers() * layer + (double) shape.vocabulary() * shape.hidden();
        return weights * (bits / 8.0 + 8.0 / BLOCK);
    }

    private String ratio(String row, String rival, String field) {
        return results.containsKey(rival)
                ? String.format(Locale.ROOT, "%.2f", median(row, field) / median(rival, field))
                : "–";
    }

    private String value(String row, String field) {
        return results.containsKey(row)
                ? String.format(
                        Locale.ROOT, "%.1f ± %.0f %%", median(row, field), 100 * Statistics.spread(of(row, field)))
                : "–";
    }

    private double median(String row, String field) {
        return Statistics.median(of(row, field));
    }

    private double[] of(String row, String field) {
        return results.get(row).get(field).stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    private static void line(StringBuilder text, String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
