package dev.cleave.edge.report;

import dev.cleave.model.Architecture;
import dev.cleave.model.bundle.Bundle;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

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
