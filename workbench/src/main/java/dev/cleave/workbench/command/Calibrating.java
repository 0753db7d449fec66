package dev.cleave.workbench.command;

import dev.cleave.edge.CliException;
import dev.cleave.edge.ExitCode;
import dev.cleave.edge.cli.Context;
import dev.cleave.edge.cli.OutputOptions;
import dev.cleave.edge.cli.Texts;
import dev.cleave.edge.cli.WorkBar;
import dev.cleave.edge.plan.Qualities;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.tokenizer.Tokenizer;
import dev.cleave.quality.calibration.CalibrationRun;
import dev.cleave.quality.calibration.QualityRun;
import dev.cleave.quality.evaluation.TextEvaluation;
import dev.cleave.workbench.report.QualityText;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** The part of {@code prepare} that learns tuned codec levels. */
final class Calibrating {
    /** Fewer tell nothing. */
    static final int LEAST_TOKENS = 1024;

    private static final int USUAL_BITS = 4;

    private final Context context;
    private final OutputOptions output;

    Calibrating(Context context, OutputOptions output) {
        this.context = context;
        this.output = output;
    }

    /** Returns the bundle with its calibrations. */
    Bundle calibrate(Bundle prepared, String text, int tokens, List<Integer> some) {
        Bundle bundle = prepared;
        Set<Integer> splits = splits(bundle, some);
        if (splits.isEmpty()) {
            throw new CliException(
                    ExitCode.OUT_OF_RANGE, bundle.name() + " has one layer: there is no split to calibrate");
        }
        int bits = bundle.widths().contains(USUAL_BITS)
                ? USUAL_BITS
                : bundle.widths().get(0);
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT)) {
            CalibrationRun run = new CalibrationRun(engine, bundle);
            List<int[]> windows = text.isEmpty() ? write(run, bundle, tokens) : read(bundle, Path.of(text), tokens);
            try (WorkBar bar = WorkBar.count(context.err(), "calibrating " + bundle.name(), "splits", output.quiet)) {
                bundle = run.run(windows, bits, splits, bar::advanced);
            }
            return measure(engine, bundle, bits);
        }
    }

    /** Returns the bundle with what its widths and links lose. */
    Bundle measure(Bundle bundle) {
        int bits = bundle.widths().contains(USUAL_BITS)
                ? USUAL_BITS
                : bundle.widths().get(0);
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT)) {
            return measure(engine, bundle, bits);
        }
    }

    private Bundle measure(SegmentEngine engine, Bundle bundle, int bits) {
        try (WorkBar bar = WorkBar.count(context.err(), "measuring " + bundle.name(), "parts", output.quiet)) {
            Bundle measured = QualityRun.measure(engine, bundle, bits, bar::advanced);
            if (!output.quiet) {
                QualityText.of(Qualities.of(measured).orElseThrow())
                        .forEach(line -> context.err().println("cleave: " + line));
            }
            return measured;
        }
    }

    private List<int[]> write(CalibrationRun run, Bundle bundle, int tokens) {
        try (WorkBar bar = WorkBar.count(context.err(), bundle.name() + " writes a text", "tokens", output.quiet)) {
            return run.selfText(tokens, bar::advanced);
        }
    }

    private static Set<Integer> splits(Bundle bundle, List<Integer> some) {
        int last = bundle.architecture().layers() - 1;
        for (int split : some) {
            if (split < 1 || split > last) {
                throw new CliException(ExitCode.OUT_OF_RANGE, "--calibrate-splits " + split + " is outside 1.." + last);
            }
        }
        Set<Integer> splits = new TreeSet<>(some);
        if (splits.isEmpty()) {
            IntStream.rangeClosed(1, last).forEach(splits::add);
        }
        return splits;
    }

    private static List<int[]> read(Bundle bundle, Path file, int tokens) {
        int[] ids = Tokenizer.of(bundle.tokenizerJson()).encode(Texts.read(file), false);
        if (ids.length < LEAST_TOKENS) {
            throw new CliException(
                    ExitCode.USAGE,
                    file + " has " + ids.length + " tokens; at least " + LEAST_TOKENS
                            + " are needed to learn anything");
        }
        int length = CalibrationRun.window(bundle);
        List<int[]> windows = TextEvaluation.windows(ids, length, bundle.bosId().orElse(-1));
        return windows.subList(0, Math.min(windows.size(), Math.max(1, tokens / length)));
    }
}
