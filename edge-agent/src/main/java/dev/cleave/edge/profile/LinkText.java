package dev.cleave.edge.profile;

import dev.cleave.optimizer.profile.LinkProfile;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** A link's profile for people. */
public final class LinkText {
    private static final double MEGABITS_PER_BYTE_MILLI = 8e3 / 1e6;
    private static final double MEDIAN = 0.5;
    private static final double MOSTLY = 0.95;

    private LinkText() {}

    /** Returns lines. */
    public static List<String> of(LinkProfile profile) {
        return List.of(
                line(
                        "link         %d samples; %d bytes round a step, %d a step of ids",
                        profile.samples().size(), profile.overheadBytes(), profile.idsBytes()),
                spread("round trip", "ms", profile, LinkProfile.Sample::roundTripMillis, MEDIAN, MOSTLY),
                // What counts of a rate is how low it falls.
                spread(
                        "upwards",
                        "Mbit/s",
                        profile,
                        sample -> sample.bytesPerMilli() * MEGABITS_PER_BYTE_MILLI,
                        MEDIAN,
                        1 - MOSTLY),
                spread("jitter", "ms", profile, LinkProfile.Sample::jitterMillis, MEDIAN, MOSTLY));
    }

    private static String spread(
            String name,
            String unit,
            LinkProfile profile,
            ToDoubleFunction<LinkProfile.Sample> figure,
            double middle,
            double end) {
        double[] sorted =
                profile.samples().stream().mapToDouble(figure).sorted().toArray();
        return line(
                "%-12s median %.2f %s, %.2f at the bad end (one in twenty)",
                name, at(sorted, middle), unit, at(sorted, end));
    }

    private static double at(double[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1.0, share * sorted.length)];
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
