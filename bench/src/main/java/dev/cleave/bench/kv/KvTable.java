package dev.cleave.bench.kv;

import dev.cleave.bench.Machine;
import dev.cleave.bench.engine.SyntheticCheckpoint;
import dev.cleave.bench.kv.KvQuality.Way;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.KvPrecision;
import dev.cleave.model.Mode;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.Preparation;
import dev.cleave.model.bundle.PreparationOptions;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.quality.evaluation.TextEvaluation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Prints what keys and values in float16 save and cost: memory and time of a large layer, predictions of a small model. */
public final class KvTable {
    private static final int[] POSITIONS = {0, 1024, 2048, 3900};
    private static final int[] SPLITS = {6, 12};
    private static final int CHUNK = 128;

    private KvTable() {}

    /** Takes the bundle of hearth-5m, a text, how many of its windows to read, and a folder for a synthetic model. */
    public static void main(String[] args) throws IOException {
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1))) {
            speed(engine, synthetic(Path.of(args[3])));
            quality(engine, Bundle.open(Path.of(args[0])), Path.of(args[1]), Integer.parseInt(args[2]));
        }
        line("");
        line("%s", Machine.line("bench/run kv.KvTable BUNDLE TEXT WINDOWS FOLDER"));
    }

    private static Bundle synthetic(Path folder) throws IOException {
        Path bundle = folder.resolve("kv-bundle");
        if (!Files.exists(bundle)) {
            Path checkpoint = folder.resolve("kv-checkpoint");
            SyntheticCheckpoint.write(checkpoint, KvSpeed.SHAPE);
            Preparation.prepare(
                    PreparationOptions.of(checkpoint, bundle, List.of(4)).withoutTokenizerRequired());
        }
        return Bundle.open(bundle);
    }

    private static void speed(SegmentEngine engine, Bundle bundle) {
        try (KvSpeed speed = new KvSpeed(engine, bundle)) {
            line(
                    "bytes a layer and token: float32 %d, float16 %d; tokens of a chunk: %d, %d",
                    speed.bytesPerToken(KvPrecision.FLOAT32),
                    speed.bytesPerToken(KvPrecision.FLOAT16),
                    speed.chunk(KvPrecision.FLOAT32),
                    speed.chunk(KvPrecision.FLOAT16));
            line("");
            line("| position | token, float32 | float16 | ratio | token of a chunk, float32 | float16 | ratio |");
            line("|---|---|---|---|---|---|---|");
            for (int position : POSITIONS) {
                double[] token = speed.decode(position);
                double[] chunk = speed.prefill(position);
                line(
                        "| %d | %.2f | %.2f | %.2f | %.3f | %.3f | %.2f |",
                        position, token[0], token[1], token[1] / token[0], chunk[0], chunk[1], chunk[1] / chunk[0]);
            }
        }
    }

    private static void quality(SegmentEngine engine, Bundle bundle, Path text, int count) throws IOException {
        int[] ids = Tokenizer.of(bundle.tokenizerJson()).encode(Files.readString(text), false);
        int context = bundle.architecture().context();
        List<int[]> windows =
                TextEvaluation.windows(ids, context, bundle.bosId().orElse(-1));
        windows = windows.subList(0, Math.min(count, windows.size()));
        KvQuality quality = new KvQuality(engine, bundle, windows);
        line("");
        line(
                "%d tokens in windows of %d",
                windows.stream().mapToInt(w -> w.length - 1).sum(), context);
        line("");
        line(
                "| split | mode | steps | compared with float32 in chunks or one by one | perplexity | rise | KL, nats | same likeliest |");
        line("|---|---|---|---|---|---|---|---|");
        for (int split : SPLITS) {
            for (Mode mode : Mode.values()) {
                Way chunks = new Way(split, CHUNK, mode, KvPrecision.FLOAT32);
                Way singles = new Way(split, 1, mode, KvPrecision.FLOAT32);
                row(
                        "chunks",
                        "float16",
                        chunks,
                        quality.compare(chunks, new Way(split, CHUNK, mode, KvPrecision.FLOAT16)));
                row(
                        "one by one",
                        "float16",
                        singles,
                        quality.compare(singles, new Way(split, 1, mode, KvPrecision.FLOAT16)));
                row("chunks", "float32, one by one", chunks, quality.compare(chunks, singles));
            }
        }
    }

    private static void row(String steps, String other, Way way, KvQuality.Result result) {
        line(
                "| %d | `%s` | %s | %s | %.4f | %+.4f %% | %.2e | %.2f %% |",
                way.split(),
                way.mode().label(),
                steps,
                other,
                result.perplexity(),
                100 * result.rise(),
                result.divergence(),
                100 * result.sameLikeliest());
    }

    private static void line(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
