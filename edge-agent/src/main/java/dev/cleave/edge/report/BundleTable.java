package dev.cleave.edge.report;

import dev.cleave.model.Architecture;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.bundle.BundleFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A bundle in a line, or as the fields of a JSON object. */
public final class BundleTable {
    private static final double MIB = 1 << 20;

    private BundleTable() {}

    /** Returns one line. */
    public static String line(Bundle bundle) {
        Architecture shape = bundle.architecture();
        return String.format(
                Locale.ROOT,
                "%s  %s, %d layers of %d, context %d, %s bits, %.1f MiB, %s",
                bundle.name(),
                shape.family(),
                shape.layers(),
                shape.hidden(),
                shape.context(),
                bundle.widths().toString().replaceAll("[\\[\\] ]", ""),
                bundle.bytes() / MIB,
                bundle.folder());
    }

    /** Returns files in the order of the bundle, those of layers that follow each other as one: {@code layer.q4 6..11, norm}. */
    public static String files(List<BundleFile> files) {
        Map<String, TreeSet<Integer>> layers = new LinkedHashMap<>();
        for (BundleFile file : files) {
            String name = file.role() + (file.bits() == 0 ? "" : ".q" + file.bits());
            TreeSet<Integer> found = layers.computeIfAbsent(name, none -> new TreeSet<>());
            if (file.layer() >= 0) {
                found.add(file.layer());
            }
        }
        return layers.entrySet().stream()
                .map(entry -> entry.getKey() + ranges(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String ranges(TreeSet<Integer> numbers) {
        StringBuilder text = new StringBuilder();
        for (int number : numbers) {
            if (numbers.contains(number - 1) && numbers.contains(number + 1)) {
                continue;
            }
            boolean last = numbers.contains(number - 1);
            text.append(text.length() == 0 ? " " : last ? ".." : ",").append(number);
        }
        return text.toString();
    }

    /** Returns the fields, which may be added to. */
    public static Map<String, Object> json(Bundle bundle) {
        Architecture shape = bundle.architecture();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", bundle.name());
        fields.put("folder", bundle.folder().toString());
        fields.put("modelHash", bundle.modelHash());
        fields.put("family", shape.family());
        fields.put("layers", shape.layers());
        fields.put("hidden", shape.hidden());
        fields.put("vocabulary", shape.vocabulary());
        fields.put("context", shape.context());
        fields.put("bits", bundle.widths());
        fields.put("bytes", bundle.bytes());
        return fields;
    }
}
