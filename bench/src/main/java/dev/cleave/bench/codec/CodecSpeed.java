package dev.cleave.bench.codec;

import dev.cleave.bench.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Writes the table of how fast the codec is: one token of 2048 values, and a prompt of 256 tokens of 4096.
 *
 * <p>Arguments: the file to write.
 */
public final class CodecSpeed {
    private static final List<String> SUBJECTS = List.of(
            "lossless",
            "bf16",
            "int8",
            "tabq-08",
            "tabq-16",
            "copy",
            "zstd-1-float32",
            "zstd-3-float32",
            "zstd-1-int8",
            "zstd-3-int8");
    private static final Rows TOKEN = new Rows(1, 2048);
    private static final Rows PROMPT = new Rows(256, 4096);
    private static final double MOST_ENCODE_MICROS = 25;
    private static final double MOST_DECODE_MICROS = 15;
    private static final double LEAST_MEGABYTES = 400;
    private static final double MOST_TUNED_MICROS = 300;
    private static final double MIB = 1 << 20;
    /** What JMH's own threads allocate in a few microseconds; no object is as small. */
    private static final double MEASURING_BYTES = 1;

    private final StringBuilder markdown = new StringBuilder();
    private final Collection<RunResult> results;

    private CodecSpeed(Collection<RunResult> results) {
        this.results = results;
    }

    /** Measures and writes. */
    public static void main(String[] args) throws Exception {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include("dev\\.cleave\\.bench\\.codec\\..*")
                        .threads(1)
                        .forks(1)
                        .warmupIterations(2)
                        .warmupTime(TimeValue.seconds(1))
                        .measurementIterations(3)
                        .measurementTime(TimeValue.seconds(1))
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .build())
                .run();
        CodecSpeed table = new CodecSpeed(results);
        table.write();
        Files.writeString(Path.of(args[0]), table.markdown);
    }

    private void write() {
        line("# How fast the codec is");
        line("");
        line(
                "Means of 3 seconds after 2 to warm up (JMH 1.37), one thread, ± half the interval at 99.9 %%. MB/s are of the");
        line(
                "float32 that stand on the one side, 10^6 bytes, so that all rows compare; `zstd-N-int8` is the compressor alone, its");
        line(
                "`int8` frame made beforehand. Allocated: Java heap, bytes a frame. *copy* is `System.arraycopy` of the float32.");
        line("Rows are normal values, in one of 97 columns 60 times as large.");
        table("One token, d = 2048", TOKEN);
        table("A prompt of 256 tokens, d = 4096", PROMPT);
        tuned();
        line("");
        line("%s", Machine.line("bench/run codec.CodecSpeed docs/results/codec-speed.md"));
        goals();
    }

    private void table(String title, Rows rows) {
        line("");
        line("## %s", title);
        line("");
        line("| | bytes a token | encode, µs a token | MB/s | allocated | decode, µs a token | MB/s | allocated |");
        line("|---|---:|---:|---:|---:|---:|---:|---:|");
        for (String subject : SUBJECTS) {
            RunResult encode = result(subject, rows, "encode");
            RunResult decode = result(subject, rows, "decode");
            line(
                    "| `%s` | %.1f | %s | %s |",
                    subject,
                    (double) frameBytes(subject, rows) / rows.tokens(),
                    cells(encode, rows),
                    cells(decode, rows));
        }
    }

    private void tuned() {
        TunedBenchmark made = new TunedBenchmark();
        made.subject = TunedBenchmark.UNKNOWN;
        made.setUp();
        line("");
        line("## One token over a tuned link, d = 2048");
        line("");
        line(
                "Blocks of 128. The calibration occupies %.1f MiB where it encodes, %.1f MiB where it decodes: with 1024",
                made.calibration().encoderBytes() / MIB, made.calibration().decoderBytes() / MIB);
        line("classes of ids and 512 codewords. It counts against the device's memory.");
        line("");
        line("| | bytes a token | encode, µs a token | MB/s | allocated | decode, µs a token | MB/s | allocated |");
        line("|---|---:|---:|---:|---:|---:|---:|---:|");
        for (String subject : List.of(TunedBenchmark.KNOWN, TunedBenchmark.UNKNOWN)) {
            made.subject = subject;
            made.setUp();
            RunResult encode = tuned(subject, "encode");
            RunResult decode = tuned(subject, "decode");
            line("| `%s` | %d | %s | %s |", subject, made.frameBytes(), cells(encode, TOKEN), cells(decode, TOKEN));
        }
    }

    private RunResult tuned(String subject, String method) {
        return results.stream()
                .filter(each -> subject.equals(each.getParams().getParam("subject"))
                        && each.getParams().getBenchmark().endsWith("." + method))
                .findAny()
                .orElseThrow();
    }

    private static String cells(RunResult result, Rows rows) {
        return String.format(
                Locale.ROOT,
                "%.2f ± %.2f | %.0f | %.0f",
                micros(result) / rows.tokens(),
                result.getPrimaryResult().getScoreError() / rows.tokens(),
                megabytes(result, rows),
                allocated(result));
    }

    private void goals() {
        line("");
        line("## Goals");
        line("");
        line("| | goal | `tabq-08` | `tabq-16` |");
        line("|---|---|---|---|");
        goal("one token, encode", TOKEN, "encode", MOST_ENCODE_MICROS);
        goal("one token, decode", TOKEN, "decode", MOST_DECODE_MICROS);
        goal("prompt, encode", PROMPT, "encode", 0);
        goal("prompt, decode", PROMPT, "decode", 0);
        double tuned = micros(tuned(TunedBenchmark.KNOWN, "encode"));
        line(
                "| one token, tuned, encode | ≤ %.0f µs | %.1f: %s | |",
                MOST_TUNED_MICROS, tuned, verdict(tuned <= MOST_TUNED_MICROS));
        List<String> cells = new ArrayList<>();
        for (String subject : List.of("tabq-08", "tabq-16")) {
            double most =
                    Math.max(allocated(result(subject, TOKEN, "encode")), allocated(result(subject, TOKEN, "decode")));
            cells.add(String.format(Locale.ROOT, "%.1f: %s", most, verdict(most < MEASURING_BYTES)));
        }
        line("| one token, allocated | 0 bytes | %s |", String.join(" | ", cells));
    }

    /** A row of goals: at most so many µs, or where that is 0, at least so many MB/s. */
    private void goal(String what, Rows rows, String method, double mostMicros) {
        List<String> cells = new ArrayList<>();
        for (String subject : List.of("tabq-08", "tabq-16")) {
            RunResult result = result(subject, rows, method);
            double value = mostMicros > 0 ? micros(result) : megabytes(result, rows);
            boolean reached = mostMicros > 0 ? value <= mostMicros : value >= LEAST_MEGABYTES;
            cells.add(String.format(Locale.ROOT, "%.1f: %s", value, verdict(reached)));
        }
        String goal = mostMicros > 0
                ? String.format(Locale.ROOT, "≤ %.0f µs", mostMicros)
                : String.format(Locale.ROOT, "≥ %.0f MB/s", LEAST_MEGABYTES);
        line("| %s | %s | %s |", what, goal, String.join(" | ", cells));
    }

    private static String verdict(boolean reached) {
        return reached ? "reached" : "**missed**";
    }

    private RunResult result(String subject, Rows rows, String method) {
        return results.stream()
                .filter(each -> subject.equals(each.getParams().getParam("subject"))
                        && rows.toString().equals(each.getParams().getParam("rows"))
                        && each.getParams().getBenchmark().endsWith("." + method))
                .findAny()
                .orElseThrow();
    }

    private static double micros(RunResult result) {
        return result.getPrimaryResult().getScore();
    }

    private static double megabytes(RunResult result, Rows rows) {
        return rows.bytes() / micros(result);
    }

    private static double allocated(RunResult result) {
        return result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
    }

    private static int frameBytes(String subject, Rows rows) {
        if (subject.startsWith("zstd") || subject.equals("copy")) {
            RivalBenchmark rival = new RivalBenchmark();
            rival.rows = rows.toString();
            rival.subject = subject;
            rival.setUp();
            return rival.frameBytes();
        }
        QualityBenchmark quality = new QualityBenchmark();
        quality.rows = rows.toString();
        quality.subject = subject;
        quality.setUp();
        return quality.frameBytes();
    }

    private void line(String format, Object... values) {
        markdown.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
