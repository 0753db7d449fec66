package dev.cleave.edge.report;

import dev.cleave.generation.GenerationResult;
import dev.cleave.generation.GenerationTrace;
import dev.cleave.generation.StepMillis;
import dev.cleave.generation.Traffic;
import dev.cleave.model.KvPrecision;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report for people. */
public final class ReportText {
    private static final double MIB = 1 << 20;

    private ReportText() {}

    /** Returns one line for a turn of a conversation. */
    public static String line(GenerationResult result) {
        return format(
                "%d tokens, %s; %s ms a token, %.0f ms to the first; %d of %d prompt tokens were cached",
                result.tokenIds().size(),
                result.finishReason().label(),
                millis(result.timings().median().total()),
                result.timings().prefill(),
                result.reusedTokens(),
                result.promptTokens());
    }

    /** Returns what did not go as planned: what became of the link, what was cut short, and whether the device was alone. */
    public static List<String> departures(GenerationResult result) {
        List<String> lines = new ArrayList<>();
        GenerationTrace trace = result.trace();
        if (trace.links().changes().size() > 1
                && !trace.links().equals(result.config().link())) {
            lines.add("the link was sent as " + trace.links().label());
        }
        trace.cutShort().ifPresent(lines::add);
        trace.offline()
                .ifPresent(offline -> lines.add(format(
                        "%s alone, with the whole model at %d bits: %s",
                        offline.fromToken() == 0 ? "answered" : "from token " + offline.fromToken() + " on",
                        offline.bits(),
                        offline.reason())));
        return lines;
    }

    /** Returns the whole report, line by line. */
    public static List<String> of(Report report) {
        GenerationResult result = report.result();
        List<String> lines = new ArrayList<>();
        lines.add(config(report));
        lines.add(format(
                "tokens           prompt %d, answer %d, ended by %s",
                result.promptTokens(),
                result.tokenIds().size(),
                result.finishReason().label()));
        int steps = result.timings().decodeSteps();
        if (steps > 0) {
            if (result.bytes().values() > 0) {
                lines.add(bytes(report, steps));
            }
            lines.add(socket(result, steps));
            lines.add(time("ms a token", result.timings().median()) + ", median of " + steps);
            lines.add(time("", result.timings().mean()) + ", mean");
        }
        lines.add(format("ms to the first  %.1f", result.timings().prefill()));
        if (result.trace().late() > 0) {
            lines.add(format("late             %d of %d tokens", result.trace().late(), steps));
        }
        lines.add(memory(report));
        report.plan()
                .ifPresent(plan -> lines.add(format(
                        "plan             promised %.2f ms a token and %.1f to the first, expected %.2f; %.1f MiB; %d tokens",
                        plan.forecast().token().total(),
                        plan.forecast().firstTokenMillis(),
                        plan.forecast().expectedMillis(),
                        plan.forecast().memory().total() / MIB,
                        plan.setting().length())));
        return lines;
    }

    private static String config(Report report) {
        int layers = report.bundle().architecture().layers();
        int split = report.result().config().split();
        String here = split == 0
                ? "no layers here"
                : split + " here at " + report.result().config().frontBits() + " bits";
        String there = split == layers
                ? "none in the cloud"
                : layers - split + " in the cloud at "
                        + report.result().config().backBits() + " bits";
        return format(
                "layers           %s, %s; %s; link %s%s",
                here,
                there,
                report.result().config().mode().label(),
                report.result().config().link().label(),
                kv(report));
    }

    private static String kv(Report report) {
        KvPrecision kv = report.result().config().kv();
        return kv == KvPrecision.FLOAT32 ? "" : "; KV here in " + kv.label();
    }

    private static String bytes(Report report, int steps) {
        GenerationResult.Bytes bytes = report.result().bytes();
        int float16 = 2 * report.bundle().architecture().hidden();
        double codec = (double) bytes.decodeFrames() / steps;
        return format(
                "bytes a token    codec %.1f up; float16 would be %d, %.2f times as many; %.2f bits a value, error %.2f %%",
                codec, float16, float16 / codec, bytes.bitsPerValue(), 100 * bytes.relativeError());
    }

    private static String socket(GenerationResult result, int steps) {
        Traffic socket = result.bytes().decodeSocket();
        return format(
                "%-16s socket %.1f up, %.1f down",
                result.bytes().values() > 0 ? "" : "bytes a token",
                (double) socket.up() / steps,
                (double) socket.down() / steps);
    }

    private static String time(String name, StepMillis step) {
        return format(
                "%-16s total %s: edge %s, encode %s, link %s, cloud %s",
                name,
                millis(step.total()),
                millis(step.edge()),
                millis(step.encode()),
                millis(step.link()),
                millis(step.cloud()));
    }

    private static String memory(Report report) {
        MemoryPrediction prediction = report.prediction();
        String peak = report.peakResident().isPresent()
                ? format("%.1f MiB at its peak", report.peakResident().getAsLong() / MIB)
                : "not known here";
        return format(
                "memory           model %.1f MiB (predicted %.1f); whole process %s (predicted %.1f)",
                report.result().memory().total() / MIB,
                (prediction.total() - prediction.base()) / MIB,
                peak,
                prediction.total() / MIB);
    }

    private static String millis(double value) {
        return Double.isFinite(value) ? format("%.3f", value) : "-";
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
