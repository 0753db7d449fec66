package dev.cleave.bench.link;

import dev.cleave.bench.Machine;
import dev.cleave.model.EngineOptions;
import dev.cleave.model.EngineProvider;
import dev.cleave.model.SegmentEngine;
import dev.cleave.model.bundle.Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Measures the codec levels and their rivals at splits of models, and writes tables and plots.
 *
 * <p>Arguments: the file to write, the plots beside it; a text; then models, each {@code NAME=BUNDLE:SPLITS} or
 * {@code NAME=BUNDLE:SPLITS:ANSWERS}, the splits with commas. At a split that ends in {@code +}, the whole text and the
 * answers run; at the others, the text's first windows.
 */
public final class LinkTable {
    private final Path file;
    private final Path text;
    private final List<SplitResults> results = new ArrayList<>();
    private final List<String> shown = new ArrayList<>();

    private LinkTable(Path file, Path text) {
        this.file = file;
        this.text = text;
    }

    /** Measures and writes. */
    public static void main(String[] args) throws Exception {
        System.setProperty("java.awt.headless", "true");
        LinkTable table = new LinkTable(Path.of(args[0]).toAbsolutePath(), Path.of(args[1]));
        try (SegmentEngine engine = EngineProvider.find().create(EngineOptions.DEFAULT.withThreads(1))) {
            for (String model : Arrays.asList(args).subList(2, args.length)) {
                table.model(engine, model);
            }
        }
        System.exit(0);
    }

    private void model(SegmentEngine engine, String argument) throws Exception {
        String name = argument.substring(0, argument.indexOf('='));
        String[] parts = argument.substring(name.length() + 1).split(":");
        shown.add(name + "=BUNDLE:" + parts[1] + (parts.length > 2 ? ":ANSWERS" : ""));
        SplitMeasurement measurement = new SplitMeasurement(engine, name, Bundle.open(Path.of(parts[0])), text);
        for (String split : parts[1].split(",")) {
            boolean whole = split.endsWith("+");
            results.add(measurement.run(
                    Integer.parseInt(split.replace("+", "")),
                    whole,
                    whole && parts.length > 2 ? Path.of(parts[2]) : null));
            write();
        }
    }

    /** Writes after every split: what is measured is kept. */
    private void write() throws IOException {
        LinkPlot.write(results.get(results.size() - 1), file.getParent());
        String command = "bench/run link.LinkTable docs/results/link.md TEXT " + String.join(" ", shown);
        Files.writeString(file, LinkMarkdown.of(results, text.getFileName().toString(), Machine.line(command)));
    }
}
