package dev.cleave.optimizer.file;

import dev.cleave.model.json.JsonObject;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.optimizer.profile.Curve;
import dev.cleave.optimizer.profile.LinkLoss;
import dev.cleave.optimizer.profile.QualityProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A {@link QualityProfile} as JSON. */
public final class QualityFile {
    /** What the file calls itself. */
    public static final String FORMAT = "cleave-quality-profile";

    /** Its version. */
    public static final int VERSION = 1;

    private static final int MOST_WIDTHS = 16;
    private static final int MOST_BITS = 32;
    private static final int MOST_POINTS = 1000;
    private static final int MOST_LINKS = 64;
    private static final int MOST_KV = 16;
    private static final double MOST = 1e12;
    private static final String MODEL = "modelHash";
    private static final String SPLIT = "split";
    private static final String LOSS = "loss";
    private static final String POINTS = "points";

    private QualityFile() {}

    /** Returns the profile as a file's bytes. */
    public static byte[] write(QualityProfile profile) {
        Map<String, Object> fields = ProfileFiles.begin(FORMAT, VERSION);
        fields.put(MODEL, profile.modelHash());
        fields.put("additivityError", profile.additivityError());
        fields.put("front", curves(profile.front()));
        fields.put("back", curves(profile.back()));
        List<Object> kv = new ArrayList<>();
        profile.kv().forEach((name, loss) -> {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", name);
            row.put(LOSS, loss);
            kv.add(row);
        });
        fields.put("kv", kv);
        List<Object> links = new ArrayList<>();
        profile.links().forEach(link -> links.add(link(link)));
        fields.put("links", links);
        return JsonWriter.pretty(fields);
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

    /**
     * Reads a profile.
     *
     * @param utf8 the file's bytes
     * @param source what messages call it
     * @throws dev.cleave.model.ModelException with {@code MALFORMED}, naming source, field, value and what was expected
     */
    public static QualityProfile read(byte[] utf8, String source) {
        return ProfileFiles.parse(utf8, source, FORMAT, VERSION, QualityFile::profile);
    }

    /**
     * Reads a profile that is part of something greater.
     *
     * @throws dev.cleave.model.ModelException with {@code MALFORMED}, naming source, field, value and what was expected
     * @throws dev.cleave.optimizer.ProfileException where a field of the profile is out of range
     */
    public static QualityProfile read(JsonObject json) {
        return ProfileFiles.checked(json, FORMAT, VERSION, QualityFile::profile);
    }

    private static QualityProfile profile(JsonObject json) {
        Map<String, Double> kv = new TreeMap<>();
        ProfileFiles.list(
                json, "kv", MOST_KV, row -> once(kv, row.string("name"), row.number(LOSS, 0, MOST), row, "name"));
        return new QualityProfile(
                json.string(MODEL),
                curves(json, "front"),
                curves(json, "back"),
                ProfileFiles.list(json, "links", MOST_LINKS, QualityFile::link),
                kv,
                json.number("additivityError", 0, MOST));
    }

    private static Map<Integer, Curve> curves(JsonObject json, String name) {
        Map<Integer, Curve> curves = new TreeMap<>();
        ProfileFiles.list(json, name, MOST_WIDTHS, row -> {
            List<Curve.Point> points = ProfileFiles.list(
                    row,
                    POINTS,
                    MOST_POINTS,
                    point -> new Curve.Point(point.int32(SPLIT, 0, MOST_POINTS), point.number(LOSS, 0, MOST)));
            return once(curves, row.int32("bits", 1, MOST_BITS), new Curve(points), row, "bits");
        });
        return curves;
    }

    /** The last of two would silently win. */
    private static <K, V> V once(Map<K, V> map, K key, V value, JsonObject row, String field) {
        if (map.put(key, value) != null) {
            throw row.malformed(field, "each once is expected, found " + key + " twice");
        }
        return value;
    }

    private static LinkLoss link(JsonObject json) {
        return new LinkLoss(
                json.string("link"),
                json.bool("tuned"),
                ProfileFiles.list(
                        json,
                        POINTS,
                        MOST_POINTS,
                        point -> new LinkLoss.Point(
                                point.int32(SPLIT, 0, MOST_POINTS),
                                point.number("promptBytes", 0, MOST),
                                point.number("decodeBytes", 0, MOST),
                                point.number(LOSS, 0, MOST),
                                point.integer("memoryBytes", 0, Long.MAX_VALUE))));
    }
}
