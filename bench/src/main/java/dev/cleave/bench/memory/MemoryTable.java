package dev.cleave.bench.memory;

import dev.cleave.bench.Machine;
import dev.cleave.bench.engine.SyntheticCheckpoint;
import dev.cleave.edge.report.MemoryPrediction;
import dev.cleave.model.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Runs devices as processes over splits, widths, links and lengths, each until its context is full, holds their peaks to what
 * they predicted, and writes the table.
 *
 * <p>Arguments: a folder with 5 GB of room, and the file to write. What is already in the folder is used again.
 */
public final class MemoryTable {
    private static final int PREPARE_MINUTES = 30;
    private static final double MIB = 1 << 20;

    private final Path work;
    private final Path hearth;
    private final Path large;

    private MemoryTable(Path work) {
        this.work = work;
        this.hearth = work.resolve("hearth-5m");
        this.large = work.resolve("bundle");
    }

    /** Runs all of it. */
    public static void main(String[] args) throws Exception {
        MemoryTable table = new MemoryTable(Path.of(args[0]).toAbsolutePath());
        Path target = Path.of(args[1]).toAbsolutePath();
        table.prepare();
        MemoryMarkdown markdown = new MemoryMarkdown();
        markdown.section("hearth-5m", table.measure(table.hearth, table.smallCases()));
        write(target, markdown);
        markdown.section("TinyLlama-1.1B's shape, random weights", table.measure(table.large, table.largeCases()));
        write(target, markdown);
        markdown.limited(List.of(
                table.limited("hearth-5m", new Case(table.hearth, 6, 4, 256, "int8")),
                table.limited("1.1B", new Case(table.large, 11, 4, 512, "int8"))));
        write(target, markdown);
    }

    private static void write(Path target, MemoryMarkdown markdown) throws IOException {
        Files.createDirectories(target.getParent());
        String machine = Machine.line("bench/run memory.MemoryTable FOLDER docs/results/memory.md");
        Files.writeString(target, markdown.text() + "\n" + machine + "\n");
    }

    /** What a case was. */
    record Row(Case what, MemoryPrediction prediction, DeviceRun run) {}

    private List<Case> smallCases() {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case(hearth, 0, 4, 256, "int8"));
        for (int bits : List.of(2, 4, 8, 16)) {
            for (int split : List.of(1, 3, 6, 9, 12)) {
                cases.add(new Case(hearth, split, bits, 256, "int8"));
            }
        }
        for (String link : List.of("lossless", "tuned-10", "tuned-90")) {
            cases.add(new Case(hearth, 6, 4, 256, link));
        }
        return cases;
    }

    private List<Case> largeCases() {
        List<Case> cases = new ArrayList<>();
        cases.add(new Case(large, 0, 4, 512, "int8"));
        for (int split : List.of(1, 5, 11, 16, 22)) {
            cases.add(new Case(large, split, 4, 512, "int8"));
        }
        for (int bits : List.of(2, 8)) {
            for (int split : List.of(11, 22)) {
                cases.add(new Case(large, split, bits, 512, "int8"));
            }
        }
        cases.add(new Case(large, 11, 4, 512, "lossless"));
        cases.add(new Case(large, 11, 4, 2048, "int8"));
        return cases;
    }

    private List<Row> measure(Path bundle, List<Case> cases) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        try (CloudService cloud = CloudService.start(bundle, work)) {
            for (Case each : cases) {
                DeviceRun run = DeviceRun.of(each.command(cloud.broker()), work);
                rows.add(new Row(each, each.prediction(), run));
                System.out.printf(
                        Locale.ROOT,
                        "split %d, %d bits, W %d, %s: peak %.1f, predicted %.1f MiB, %d tokens, %s%n",
                        each.split(),
                        each.bits(),
                        each.context(),
                        each.link(),
                        run.peak() / MIB,
                        run.predicted() / MIB,
                        run.tokens(),
                        run.finish());
            }
        }
        return rows;
    }

    /** Runs a case in a control group whose limit is the prediction, and says what came of it. */
    private String limited(String name, Case what) throws IOException, InterruptedException {
        long limit = what.prediction().total();
        String where = String.format(
                Locale.ROOT,
                "%s, split %d, %d bits, W %d, limit %.1f MiB",
                name,
                what.split(),
                what.bits(),
                what.context(),
                limit / MIB);
        try (CloudService cloud = CloudService.start(what.bundle(), work)) {
            MemoryGroup made;
            try {
                made = MemoryGroup.create(limit);
            } catch (IOException e) {
                return where + ": not possible here: " + e;
            }
            try (MemoryGroup group = made) {
                DeviceRun run = DeviceRun.of(group.joined(what.command(cloud.broker())), work);
                return String.format(
                        Locale.ROOT,
                        "%s: %s (exit status %d), %d tokens, peak %.1f MiB; the group's greatest use, page cache included,"
                                + " %.1f MiB; control groups of version %d",
                        where,
                        run.status() == 0 ? "finished" : "**did not finish**",
                        run.status(),
                        run.tokens(),
                        run.peak() / MIB,
                        group.peak() / MIB,
                        group.version());
            }
        }
    }

    private void prepare() throws IOException, InterruptedException {
        Files.createDirectories(work);
        if (!Bundle.isBundle(hearth)) {
            cleave(
                    "prepare",
                    "--quiet",
                    "--bits=2,4,8,16",
                    "--calibrate",
                    "--calibrate-splits=6",
                    "--calibrate-tokens=6144",
                    "--out=" + hearth,
                    "models/hearth-5m");
        }
        if (!Bundle.isBundle(large)) {
            Path checkpoint = work.resolve("checkpoint");
            if (!Files.exists(checkpoint.resolve("tokenizer.json"))) {
                SyntheticCheckpoint.write(checkpoint, SyntheticCheckpoint.TINY_LLAMA);
                // Its ids mean nothing to the weights, but a device takes text.
                Files.copy(Path.of("models/hearth-5m/tokenizer.json"), checkpoint.resolve("tokenizer.json"));
            }
            cleave("prepare", "--quiet", "--bits=2,4,8", "--out=" + large, checkpoint.toString());
        }
    }

    private static void cleave(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("./cleave"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(PREPARE_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("failed: " + command);
        }
    }
}
