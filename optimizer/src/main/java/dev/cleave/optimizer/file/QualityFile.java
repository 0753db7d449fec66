package dev.cleave.optimizer.file;

import dev.cleave.model.ModelException;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.optimizer.ProfileException;
import dev.cleave.optimizer.profile.Curve;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.optimizer.profile.QualityProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link QualityProfile} as JSON. */
public final class QualityFile {
    /** What the file calls itself. */
    public static final String FORMAT = "cleave-quality-profile";

    /** Its version. */
    public static final int VERSION = 1;

    private static final int MOST_WIDTHS = 16;
    private static final int MOST_LINKS = 64;
    private static final int MOST_KV = 16;
    private static final int MOST_POINTS = 1001;
    private static final int MOST_BITS = 32;
    private static final int MOST_TEXT = 256;
    private static final double MOST = 1e12;
    private static final long MOST_BYTES = 1L << 50;
    private static final String POINTS = "points";
    private static final String SPLIT = "split";
    private static final String LOSS = "loss";

    private QualityFile() {}

    /** Returns the profile as a file's bytes. */
    public static byte[] write(QualityProfile profile) {
        return JsonWriter.pretty(tree(profile));
    }

    /** Returns the profile as fields of a JSON object. */
    public static Map<String, Object> tree(QualityProfile profile) {
        Map<String, Object> fields = ProfileFiles.begin(FORMAT, VERSION);
        fields.put("modelHash", profile.modelHash());
        fields.put("front", curves(profile.front()));
        fields.put("back", curves(profile.back()));
        List<Object> links = new ArrayList<>();
        profile.links().forEach(link -> links.add(link(link)));
        fields.put("links", links);
        fields.put("kv", new LinkedHashMap<>(profile.kv()));
        fields.put("additivityError", profile.additivityError());
        return fields;
    }

    /**
     * Reads a profile.
     *
     * @param utf8 the file's bytes
     * @param source what messages call it
     * @throws ModelException with {@code MALFORMED}, naming source, field, value and what was expected
     */
    public static QualityProfile read(byte[] utf8, String source) {
        return ProfileFiles.parse(utf8, source, FORMAT, VERSION, QualityFile::profile);
    }

    /**
     * Reads a profile that is part of something greater.
     *
     * @throws ModelException with {@code MALFORMED}, naming source, field, value and what was expected
     * @throws ProfileException where a field of the profile is out of range
     */
    public static QualityProfile read(JsonObject json) {
        return ProfileFiles.checked(json, FORMAT, VERSION, QualityFile::profile);
    }

    private static List<Object> curves(Map<Integer, Curve> curves) {
        List<Object> rows = new ArrayList<>();
        curves.forEach((bits, curve) -> {
            List<Object> points = new ArrayList<>();
            for (Curve.Point point : curve.points()) {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put(SPLIT, point.split());
                fields.put(LOSS, point.loss());
                points.add(fields);
            }
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("bits", bits);
            row.put(POINTS, points);
            rows.add(row);
        });
        return rows;
    }

    private static Map<String, Object> link(LinkLoss link) {
        List<Object> points = new ArrayList<>();
        for (LinkLoss.Point point : link.points()) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put(SPLIT, point.split());
            fields.put("promptBytes", point.promptBytes());
            fields.put("decodeBytes", point.decodeBytes());
            fields.put(LOSS, point.loss());
            fields.put("memoryBytes", point.memoryBytes());
            points.add(fields);
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("link", link.link());
        row.put("tuned", link.tuned());
        row.put(POINTS, points);
        return row;
    }

    private static QualityProfile profile(JsonObject json) {
        return new QualityProfile(
                text(json, "modelHash"),
                curves(json, "front"),
                curves(json, "back"),
                ProfileFiles.list(json, "links", MOST_LINKS, QualityFile::link),
                kv(json.object("kv")),
                json.number("additivityError", 0, MOST));
    }

    private static Map<Integer, Curve> curves(JsonObject json, String name) {
        Map<Integer, Curve> curves = new LinkedHashMap<>();
        List<Curve> read = ProfileFiles.list(json, name, MOST_WIDTHS, row -> {
            int bits = row.int32("bits", 1, MOST_BITS);
            Curve curve = new Curve(ProfileFiles.list(row, POINTS, MOST_POINTS, QualityFile::point));
            if (curves.put(bits, curve) != null) {
                throw new ProfileException("bits", bits + " twice", "each width once");
            }
            return curve;
        });
        if (read.isEmpty()) {
            throw json.unexpected(name, "at least one width");
        }
        return curves;
    }

    private static Curve.Point point(JsonObject json) {
        return new Curve.Point(json.int32(SPLIT, 0, Integer.MAX_VALUE), json.number(LOSS, 0, MOST));
    }

    private static LinkLoss link(JsonObject json) {
        return new LinkLoss(
                text(json, "link"),
                json.bool("tuned"),
                ProfileFiles.list(
                        json,
                        POINTS,
                        MOST_POINTS,
                        point -> new LinkLoss.Point(
                                point.int32(SPLIT, 0, Integer.MAX_VALUE),
                                point.number("promptBytes", 0, MOST),
                                point.number("decodeBytes", 0, MOST),
                                point.number(LOSS, 0, MOST),
                                point.integer("memoryBytes", 0, MOST_BYTES))));
    }

    private static Map<String, Double> kv(JsonObject json) {
        if (json.fields().size() > MOST_KV) {
            throw json.malformed(
                    "kv",
                    "at most " + MOST_KV + " are expected, found "
                            + json.fields().size());
        }
        Map<String, Double> losses = new LinkedHashMap<>();
        for (String name : json.fields().keySet()) {
            losses.put(name, json.number(name, 0, MOST));
        }
        return losses;
    }

    private static String text(JsonObject json, String name) {
        String text = json.string(name);
        if (text.isEmpty() || text.length() > MOST_TEXT) {
            throw json.unexpected(name, "a text of 1.." + MOST_TEXT + " characters");
        }
        return text;
    }
}
