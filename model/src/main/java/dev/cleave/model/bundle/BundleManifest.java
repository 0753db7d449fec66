package dev.cleave.model.bundle;

import dev.cleave.model.Architecture;
import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.json.JsonWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code bundle.json} states.
 *
 * @param name for people
 * @param modelHash 64 hex digits
 * @param quantizer that made the codes
 * @param architecture shape of the model
 * @param widths ascending
 * @param tokens ids and texts of the special tokens
 * @param files every file
 */
record BundleManifest(
        String name,
        String modelHash,
        String quantizer,
        Architecture architecture,
        List<Integer> widths,
        SpecialTokens tokens,
        List<BundleFile> files) {
    static final String FILE = "bundle.json";
    static final int VERSION = 1;
    static final long MAX_BYTES = 16L << 20;
    private static final String FORMAT = "cleave-bundle";

    byte[] write() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", FORMAT);
        json.put("version", VERSION);
        json.put("name", name);
        json.put("modelHash", modelHash);
        json.put("quantizer", quantizer);
        json.put("architecture", ArchitectureJson.write(architecture));
        json.put("widths", widths);
        tokens.write(json);
        List<Object> list = new ArrayList<>();
        files.forEach(file -> list.add(write(file)));
        json.put("files", list);
        return JsonWriter.pretty(json);
    }

    BundleManifest withFiles(List<BundleFile> others) {
        return new BundleManifest(name, modelHash, quantizer, architecture, widths, tokens, others);
    }

    static BundleManifest read(JsonObject json) {
        if (!FORMAT.equals(json.string("format"))) {
            throw json.malformed("format", "\"" + FORMAT + "\" is expected, found \"" + json.string("format") + "\"");
        }
        long version = json.integer("version", 1, Long.MAX_VALUE);
        if (version != VERSION) {
            throw new ModelException(
                    Reason.UNSUPPORTED,
                    json.source() + ": format version " + version + " is not read; this program reads version "
                            + VERSION + ". Prepare the bundle again");
        }
        return new BundleManifest(
                json.string("name"),
                hash(json, "modelHash"),
                json.string("quantizer"),
                ArchitectureJson.read(json.object("architecture")),
                readWidths(json),
                SpecialTokens.read(json),
                readFiles(json));
    }

    private static List<Integer> readWidths(JsonObject json) {
        List<Integer> widths = new ArrayList<>();
        for (Object width : json.list("widths")) {
            int last = widths.isEmpty() ? 0 : widths.get(widths.size() - 1);
            if (!(width instanceof Long) || (long) width <= last || (long) width > 32) {
                throw json.malformed(
                        "widths", "ascending integers in 1..32 are expected, found " + json.list("widths"));
            }
            widths.add(((Long) width).intValue());
        }
        return Collections.unmodifiableList(widths);
    }

    private static List<BundleFile> readFiles(JsonObject json) {
        List<BundleFile> files = new ArrayList<>();
        Set<String> paths = new HashSet<>();
        int count = json.list("files").size();
        for (int i = 0; i < count; i++) {
            JsonObject entry = json.element("files", i);
            BundleFile file = new BundleFile(
                    entry.string("role"),
                    entry.int32("version", 0, Integer.MAX_VALUE),
                    checkedPath(entry),
                    hash(entry, "sha256"),
                    entry.integer("bytes", 0, Long.MAX_VALUE),
                    entry.int32("bits", 0, 32, 0),
                    entry.int32("block", 0, 1 << 20, 0),
                    entry.int32("layer", 0, 1000, -1));
            if (!paths.add(file.path())) {
                throw entry.malformed("path", "\"" + file.path() + "\" stands there twice");
            }
            files.add(file);
        }
        return Collections.unmodifiableList(files);
    }

    /** A path comes from somewhere else: it must stay within the bundle's folder. */
    private static String checkedPath(JsonObject entry) {
        String path = entry.string("path");
        boolean allowed = !path.isEmpty() && path.length() <= 255;
        for (String part : path.split("/", -1)) {
            allowed &= part.matches("[A-Za-z0-9_][A-Za-z0-9._-]*");
        }
        if (!allowed) {
            throw entry.malformed("path", "\"" + path + "\" is no plain relative path of at most 255 characters");
        }
        return path;
    }

    private static String hash(JsonObject json, String name) {
        String hash = json.string(name);
        if (!hash.matches("[0-9a-f]{64}")) {
            throw json.malformed(name, "64 hex digits are expected, found \"" + hash + "\"");
        }
        return hash;
    }

    private static Map<String, Object> write(BundleFile file) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("role", file.role());
        json.put("version", file.version());
        json.put("path", file.path());
        json.put("sha256", file.sha256());
        json.put("bytes", file.bytes());
        if (file.bits() > 0) {
            json.put("bits", file.bits());
        }
        if (file.block() > 0) {
            json.put("block", file.block());
        }
        if (file.layer() >= 0) {
            json.put("layer", file.layer());
        }
        return json;
    }
}
