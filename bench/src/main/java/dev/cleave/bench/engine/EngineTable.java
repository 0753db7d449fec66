package dev.cleave.bench.engine;

import dev.cleave.bench.Machine;
import dev.cleave.bench.rival.GgufFile;
import dev.cleave.model.Architecture;
import dev.cleave.model.bundle.Preparation;
import dev.cleave.model.bundle.PreparationOptions;
import dev.cleave.model.json.Json;
import dev.cleave.model.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures segments of TinyLlama-1.1B's shape beside llama.cpp and a read loop, each in processes that take turns, and writes
 * the table.
 *
 * <p>Arguments: a folder with 8 GB of room, the file to write, and how many turns each takes.
 */
public final class EngineTable {
    private static final Architecture SHAPE = SyntheticCheckpoint.TINY_LLAMA;
    private static final List<Integer> WIDTHS = List.of(4, 8, 2);
    private static final Map<Integer, GgufFile.Format> RIVALS =
            Map.of(4, GgufFile.Format.Q4_0, 8, GgufFile.Format.Q8_0);
    private static final int MINUTES = 60;

    private final Path work;
    private final Map<String, Map<String, List<Double>>> results = new LinkedHashMap<>();

    private EngineTable(Path work) {
        this.work = work;
    }

    /** Runs all of it; what is already in the folder is used again. */
    public static void main(String[] args) throws Exception {
        EngineTable table = new EngineTable(Path.of(args[0]).toAbsolutePath());
        int turns = Integer.parseInt(args[2]);
        table.makeFiles();
        for (int turn = 0; turn < turns; turn++) {
            for (int threads = 2; threads >= 1; threads--) {
                table.turn(threads);
            }
        }
        JsonObject wholePath = table.wholePath();
        Files.createDirectories(Path.of(args[1]).toAbsolutePath().getParent());
        Files.writeString(
                Path.of(args[1]),
                new EngineReport(SHAPE, table.results, turns).markdown()
                        + wholePathSection(wholePath)
                        + Machine.line("bench/run engine.EngineTable FOLDER docs/results/engine.md " + turns)
                        + "\n");
    }

    private void makeFiles() throws IOException, InterruptedException {
        Files.createDirectories(work);
        if (!Files.exists(work.resolve("bundle"))) {
            Path checkpoint = work.resolve("checkpoint");
            if (!Files.exists(checkpoint)) {
                SyntheticCheckpoint.write(checkpoint, SHAPE);
                // Its ids mean nothing to the weights, but the whole path wants text to begin with.
                Files.copy(Path.of("models/hearth-5m/tokenizer.json"), checkpoint.resolve("tokenizer.json"));
            }
            measure("prepare", List.of("-Xmx512m"), "prepare", checkpoint.toString(), bundle());
        }
        Path tiny = work.resolve(EngineRun.TINY);
        if (!Files.exists(tiny)) {
            SyntheticCheckpoint.write(work.resolve("tiny-checkpoint"), SyntheticCheckpoint.TINY);
            Preparation.prepare(PreparationOptions.of(work.resolve("tiny-checkpoint"), tiny, List.of(4))
                    .withoutTokenizerRequired());
        }
        for (GgufFile.Format format : RIVALS.values()) {
            if (!Files.exists(gguf(format))) {
                GgufFile.write(gguf(format), SHAPE, format);
            }
        }
    }

    private void turn(int threads) throws IOException, InterruptedException {
        String count = Integer.toString(threads);
        measure(EngineReport.read(threads), List.of("-Xmx1g"), "read", count);
        for (int bits : WIDTHS) {
            measure(EngineReport.cleave(bits, threads), List.of("-Xmx256m"), "cleave", bundle(), "" + bits, count);
            if (RIVALS.containsKey(bits)) {
                String file = gguf(RIVALS.get(bits)).toString();
                measure(EngineReport.llama(bits, threads), List.of("-Xmx256m"), "llama", file, count);
            }
        }
    }

    /** Runs the whole path once, as a user would, and returns its report. */
    private JsonObject wholePath() throws IOException, InterruptedException {
        Path report = work.resolve("demo.json");
        Process process = new ProcessBuilder(
                        "./cleave",
                        "demo",
                        "--model",
                        bundle(),
                        "--split",
                        "11",
                        "--context",
                        "512",
                        "--max-tokens",
                        "64",
                        "--raw",
                        "--json",
                        "--start-timeout",
                        "5m",
                        "Once upon a time")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(report.toFile())
                .start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("./cleave demo failed");
        }
        return Json.readObject(report, 1 << 20);
    }

    private static String wholePathSection(JsonObject report) {
        JsonObject time = report.object("msPerTokenMedian");
        JsonObject memory = report.object("memory");
        return String.format(
                Locale.ROOT,
                """

                ## The whole path

                `./cleave demo --split 11 --context 512 --max-tokens 64 --raw "Once upon a time"`: 11 layers here at 4 bits, 11 in
                the cloud at 8, embedded broker, link `%s`, two processes on these cores. %d steps, ended by `%s`. Median ms a
                token: total %.1f: edge %.1f, encode %.3f, link %.2f, cloud %.1f. %.2f bits a value; %d bytes up and %d down
                through the socket. Memory of the device, MiB: model %.1f (predicted %.1f), process at its peak %.1f (predicted
                %.1f).

                """,
                report.string("link"),
                report.integer("steps", 0, Integer.MAX_VALUE),
                report.string("finishReason"),
                time.number("total", 0, 1e9),
                time.number("edge", 0, 1e9),
                time.number("encode", 0, 1e9),
                time.number("link", 0, 1e9),
                time.number("cloud", 0, 1e9),
                report.number("bitsPerValue", 0, 64),
                report.object("bytesSocket").integer("up", 0, Long.MAX_VALUE),
                report.object("bytesSocket").integer("down", 0, Long.MAX_VALUE),
                mib(memory, "model"),
                mib(memory, "modelPredicted"),
                mib(memory, "peakRss"),
                mib(memory, "predicted"));
    }

    private static double mib(JsonObject memory, String name) {
        return memory.number(name, 0, 1e15) / (1 << 20);
    }

    private String bundle() {
        return work.resolve("bundle").toString();
    }

    private Path gguf(GgufFile.Format format) {
        return work.resolve(format + ".gguf");
    }

    private void measure(String name, List<String> options, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), EngineRun.class.getName()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // As ./cleave does.
        builder.environment().put("MALLOC_MMAP_THRESHOLD_", "4194304");
        builder.environment().put("MALLOC_TRIM_THRESHOLD_", "8388608");
        Process process = builder.start();
        Map<String, List<Double>> values = results.computeIfAbsent(name, n -> new HashMap<>());
        List<String> other = new ArrayList<>();
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (line.startsWith("RESULT ")) {
                    String[] parts = line.substring("RESULT ".length()).split("=");
                    values.computeIfAbsent(parts[0], n -> new ArrayList<>()).add(Double.parseDouble(parts[1]));
                    System.out.println(name + " " + line);
                } else {
                    other.add(line);
                }
            }
        }
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(name + " failed: " + String.join("\n", other));
        }
    }
}
