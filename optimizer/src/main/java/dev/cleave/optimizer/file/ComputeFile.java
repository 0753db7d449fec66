package dev.cleave.optimizer.file;

import dev.cleave.model.ModelException;
import dev.cleave.model.bundle.Bundle;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.optimizer.profile.CodecCost;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.ComputeProfile.FixedMemory;
import dev.cleave.optimizer.profile.KvCost;
import dev.cleave.optimizer.profile.LayerCost;
import dev.cleave.optimizer.profile.Line;
import dev.cleave.optimizer.profile.Provenance;
import dev.cleave.optimizer.profile.StepCost;
import dev.cleave.optimizer.profile.WidthCost;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@link ComputeProfile} as JSON. Equal layers that follow one another stand once, with their {@code count}; {@code layers}
 * says how many there are in all. {@code spread} tells people how far repetitions lay apart, and is not read.
 */
public final class ComputeFile {
    /** What the file calls itself. */
    public static final String FORMAT = "cleave-compute-profile";

    /** Its version. */
    public static final int VERSION = 1;

    /** Most layers of a model. */
    public static final int MOST_LAYERS = 1000;

    private static final int MOST_WIDTHS = 16;
    private static final int MOST_CODECS = 64;
    private static final int MOST_KV = 16;
    private static final int MOST_VERSIONS = 32;
    private static final int MOST_TEXT = 256;
    private static final double MOST_MILLIS = 1e12;
    private static final long MOST_BYTES = 1L << 50;

    private ComputeFile() {}

    /**
     * Returns the profile as a file's bytes, for people.
     *
     * @param spread of each kind of measurement, relative: (third quartile − first) / median; may be empty
     */
    public static byte[] write(ComputeProfile profile, Map<String, Double> spread) {
        return JsonWriter.pretty(tree(profile, spread));
    }

    /** Returns the profile without white space, for sending. */
    public static byte[] compact(ComputeProfile profile) {
        return JsonWriter.compact(tree(profile, Collections.emptyMap()));
    }

    /**
     * Reads a profile.
     *
     * @param utf8 the file's bytes
     * @param source what messages call it
     * @throws ModelException with {@code MALFORMED}, naming source, field, value and what was expected
     */
    public static ComputeProfile read(byte[] utf8, String source) {
        return ProfileFiles.parse(utf8, source, FORMAT, VERSION, ComputeFile::profile);
    }

    /**
     * Reads a profile that is part of something greater.
     *
     * @throws ModelException with {@code MALFORMED}, naming source, field, value and what was expected
     * @throws dev.cleave.optimizer.ProfileException where a field of the profile is out of range
     */
    public static ComputeProfile read(JsonObject json) {
        return ProfileFiles.checked(json, FORMAT, VERSION, ComputeFile::profile);
    }

    /**
     * Reads a profile that must be a bundle's. As {@link #read(byte[], String)} otherwise.
     */
    public static ComputeProfile read(byte[] utf8, String source, Bundle bundle) {
        ComputeProfile profile = read(utf8, source);
        String hash = profile.provenance().modelHash();
        if (!hash.equals(bundle.modelHash())) {
            throw new ModelException(
                    ModelException.Reason.MALFORMED,
                    source + ": field modelHash: that of " + bundle.name() + ", " + bundle.modelHash()
                            + ", is expected, found " + hash);
        }
        int layers = bundle.architecture().layers();
        if (profile.layers() != layers) {
            throw new ModelException(
                    ModelException.Reason.MALFORMED,
                    source + ": field layers: " + layers + ", as " + bundle.name() + " has, are expected, found "
                            + profile.layers());
        }
        return profile;
    }

    private static Map<String, Object> tree(ComputeProfile profile, Map<String, Double> spread) {
        Map<String, Object> fields = ProfileFiles.begin(FORMAT, VERSION);
        fields.put("modelHash", profile.provenance().modelHash());
        fields.put("machine", profile.provenance().machine());
        fields.put("date", profile.provenance().date());
        fields.put("versions", profile.provenance().versions());
        fields.put("mode", profile.mode());
        fields.put("chunk", profile.chunk());
        fields.put("layers", profile.layers());
        Map<String, Object> memory = new LinkedHashMap<>();
        memory.put("base", profile.memory().base());
        memory.put("engine", profile.memory().engine());
        memory.put("session", profile.memory().session());
        memory.put("workspace", profile.memory().workspace());
        memory.put("rotaryPerPosition", profile.memory().rotaryPerPosition());
        memory.put("context", profile.memory().context());
        fields.put("memory", memory);
        fields.put("stepMillis", profile.stepMillis());
        fields.put("stepExcess", profile.step().excess());
        fields.put("stepAfterWait", profile.step().afterWait());
        List<Object> widths = new ArrayList<>();
        profile.widths().forEach(width -> widths.add(width(width)));
        fields.put("widths", widths);
        List<Object> kv = new ArrayList<>();
        profile.kv().forEach(each -> kv.add(kv(each)));
        fields.put("kv", kv);
        List<Object> codec = new ArrayList<>();
        profile.codec().forEach(each -> codec.add(codec(each)));
        fields.put("codec", codec);
        if (!spread.isEmpty()) {
            fields.put("spread", new LinkedHashMap<>(spread));
        }
        return fields;
    }

    private static Map<String, Object> width(WidthCost width) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("bits", width.bits());
        fields.put("headBytes", width.headBytes());
        fields.put("headMillis", width.headMillis());
        fields.put("embeddingBytes", width.embeddingBytes());
        List<Object> layers = new ArrayList<>();
        for (int i = 0, count; i < width.layers().size(); i += count) {
            LayerCost layer = width.layers().get(i);
            count = 1;
            while (i + count < width.layers().size()
                    && width.layers().get(i + count).equals(layer)) {
                count++;
            }
            layers.add(layer(layer, count));
        }
        fields.put("layers", layers);
        return fields;
    }

    private static Map<String, Object> layer(LayerCost layer, int count) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (count > 1) {
            fields.put("count", count);
        }
        fields.put("packedBytes", layer.packedBytes());
        fields.put("decode", line(layer.decode()));
        fields.put("prefill", line(layer.prefill()));
        fields.put("shortPrefill", line(layer.shortPrefill()));
        return fields;
    }

    private static Map<String, Object> line(Line line) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("base", line.base());
        fields.put("slope", line.slope());
        return fields;
    }

    private static Map<String, Object> kv(KvCost kv) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", kv.name());
        fields.put("bytesPerToken", kv.bytesPerToken());
        fields.put("scratchPerPosition", kv.scratchPerPosition());
        fields.put("extraDecode", line(kv.extraDecode()));
        return fields;
    }

    private static Map<String, Object> codec(CodecCost codec) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("link", codec.link());
        fields.put("encode", codec.encode());
        fields.put("decode", codec.decode());
        fields.put("encodePrompt", codec.encodePrompt());
        fields.put("decodePrompt", codec.decodePrompt());
        return fields;
    }

    private static ComputeProfile profile(JsonObject json) {
        int layers = json.int32("layers", 1, MOST_LAYERS);
        return new ComputeProfile(
                provenance(json),
                mode(json),
                json.int32("chunk", 0, Integer.MAX_VALUE),
                memory(json.object("memory")),
                step(json),
                ProfileFiles.list(json, "widths", MOST_WIDTHS, width -> width(width, layers)),
                ProfileFiles.list(json, "kv", MOST_KV, ComputeFile::kv),
                ProfileFiles.list(json, "codec", MOST_CODECS, ComputeFile::codec));
    }

    /** A file that says the first alone is of a time when the others were not measured. */
    private static StepCost step(JsonObject json) {
        double millis = json.number("stepMillis", 0, MOST_MILLIS);
        List<Double> excess = json.has("stepExcess")
                ? ProfileFiles.numbers(json, "stepExcess", StepCost.MOST)
                : Collections.singletonList(0.0);
        return new StepCost(millis, excess, json.number("stepAfterWait", 0, MOST_MILLIS, 1));
    }

    private static Provenance provenance(JsonObject json) {
        JsonObject versions = json.object("versions");
        if (versions.fields().size() > MOST_VERSIONS) {
            throw json.malformed(
                    "versions",
                    "at most " + MOST_VERSIONS + " are expected, found "
                            + versions.fields().size());
        }
        Map<String, String> texts = new LinkedHashMap<>();
        for (String name : versions.fields().keySet()) {
            texts.put(name, text(versions, name));
        }
        return new Provenance(text(json, "modelHash"), text(json, "machine"), text(json, "date"), texts);
    }

    private static String mode(JsonObject json) {
        String mode = json.string("mode");
        if (!mode.equals("fast") && !mode.equals("exact")) {
            throw json.malformed("mode", "fast or exact is expected, found \"" + text(json, "mode") + "\"");
        }
        return mode;
    }

    private static FixedMemory memory(JsonObject json) {
        return new FixedMemory(
                json.integer("base", 0, MOST_BYTES),
                json.integer("engine", 0, MOST_BYTES),
                json.integer("session", 0, MOST_BYTES),
                json.integer("workspace", 0, MOST_BYTES),
                json.integer("rotaryPerPosition", 0, MOST_BYTES),
                json.int32("context", 0, Integer.MAX_VALUE));
    }

    private static WidthCost width(JsonObject json, int layers) {
        return new WidthCost(
                json.int32("bits", 0, Integer.MAX_VALUE),
                layers(json, layers),
                json.integer("headBytes", 0, MOST_BYTES),
                json.number("headMillis", 0, MOST_MILLIS),
                json.integer("embeddingBytes", 0, MOST_BYTES));
    }

    private static List<LayerCost> layers(JsonObject json, int expected) {
        List<LayerCost> layers = new ArrayList<>();
        int entries = json.list("layers").size();
        for (int i = 0; i < entries; i++) {
            JsonObject element = json.element("layers", i);
            int room = expected - layers.size();
            if (room == 0) {
                throw json.malformed("layers", "as many as the model has, " + expected + ", are expected, found more");
            }
            int count = element.int32("count", 1, room, 1);
            LayerCost layer = ProfileFiles.within("layers[" + i + "]", () -> layer(element));
            layers.addAll(Collections.nCopies(count, layer));
        }
        if (layers.size() != expected) {
            throw json.malformed(
                    "layers", "as many as the model has, " + expected + ", are expected, found " + layers.size());
        }
        return layers;
    }

    private static LayerCost layer(JsonObject json) {
        Line prefill = line(json, "prefill");
        return new LayerCost(
                json.integer("packedBytes", 0, MOST_BYTES),
                line(json, "decode"),
                prefill,
                json.has("shortPrefill") ? line(json, "shortPrefill") : prefill);
    }

    private static Line line(JsonObject json, String name) {
        JsonObject line = json.object(name);
        return ProfileFiles.within(
                name, () -> new Line(line.number("base", 0, MOST_MILLIS), line.number("slope", 0, MOST_MILLIS)));
    }

    private static KvCost kv(JsonObject json) {
        return new KvCost(
                text(json, "name"),
                json.integer("bytesPerToken", 0, MOST_BYTES),
                json.integer("scratchPerPosition", 0, MOST_BYTES, 0),
                line(json, "extraDecode"));
    }

    private static CodecCost codec(JsonObject json) {
        return new CodecCost(
                text(json, "link"),
                json.number("encode", 0, MOST_MILLIS),
                json.number("decode", 0, MOST_MILLIS),
                json.number("encodePrompt", 0, MOST_MILLIS),
                json.number("decodePrompt", 0, MOST_MILLIS));
    }

    private static String text(JsonObject json, String name) {
        String text = json.string(name);
        if (text.isEmpty() || text.length() > MOST_TEXT) {
            throw json.malformed(name, "a text of 1.." + MOST_TEXT + " characters is expected, found " + text.length());
        }
        return text;
    }
}
