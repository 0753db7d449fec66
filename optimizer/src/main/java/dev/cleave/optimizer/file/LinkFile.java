package dev.cleave.optimizer.file;

import dev.cleave.model.ModelException;
import dev.cleave.model.json.JsonObject;
import dev.cleave.model.json.JsonWriter;
import dev.cleave.optimizer.profile.LinkProfile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A {@link LinkProfile} as JSON. */
public final class LinkFile {
    /** What the file calls itself. */
    public static final String FORMAT = "cleave-link-profile";

    /** Its version. */
    public static final int VERSION = 1;

    private static final double MOST = 1e12;

    private LinkFile() {}

    /** Returns the profile as a file's bytes. */
    public static byte[] write(LinkProfile profile) {
        Map<String, Object> fields = ProfileFiles.begin(FORMAT, VERSION);
        fields.put("overheadBytes", profile.overheadBytes());
        fields.put("idsBytes", profile.idsBytes());
        List<Object> samples = new ArrayList<>();
        for (LinkProfile.Sample sample : profile.samples()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("roundTripMillis", sample.roundTripMillis());
            row.put("bytesPerMilli", sample.bytesPerMilli());
            row.put("jitterMillis", sample.jitterMillis());
            samples.add(row);
        }
        fields.put("samples", samples);
        return JsonWriter.pretty(fields);
    }

    /**
     * Reads a profile.
     *
     * @param utf8 the file's bytes
     * @param source what messages call it
     * @throws ModelException with {@code MALFORMED}, naming source, field, value and what was expected
     */
    public static LinkProfile read(byte[] utf8, String source) {
        return ProfileFiles.parse(utf8, source, FORMAT, VERSION, LinkFile::profile);
    }

    /**
     * Reads a profile that is part of something greater.
     *
     * @throws ModelException with {@code MALFORMED}, naming source, field, value and what was expected
     * @throws dev.cleave.optimizer.ProfileException where a field of the profile is out of range
     */
    public static LinkProfile read(JsonObject json) {
        return ProfileFiles.checked(json, FORMAT, VERSION, LinkFile::profile);
    }

    private static LinkProfile profile(JsonObject json) {
        return new LinkProfile(
                ProfileFiles.list(json, "samples", LinkProfile.MOST_SAMPLES, LinkFile::sample),
                json.int32("overheadBytes", 0, Integer.MAX_VALUE),
                json.int32("idsBytes", 0, Integer.MAX_VALUE));
    }

    private static LinkProfile.Sample sample(JsonObject json) {
        return new LinkProfile.Sample(
                json.number("roundTripMillis", 0, MOST),
                json.number("bytesPerMilli", 0, MOST),
                json.number("jitterMillis", 0, MOST));
    }
}
