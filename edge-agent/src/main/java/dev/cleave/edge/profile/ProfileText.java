package dev.cleave.edge.profile;

import dev.cleave.optimizer.profile.CodecCost;
import dev.cleave.optimizer.profile.ComputeProfile;
import dev.cleave.optimizer.profile.KvCost;
import dev.cleave.optimizer.profile.LayerCost;
import dev.cleave.optimizer.profile.WidthCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A profile for people. */
public final class ProfileText {
    private static final double MIB = 1 << 20;
    private static final int MICROS = 1000;

    private ProfileText() {}

    /**
     * Returns lines.
     *
     * @param context tokens; decoding is told at position 0 and at half of it
     */
    public static List<String> of(ComputeProfile profile, int context) {
        List<String> lines = new ArrayList<>();
        int half = context / 2;
        lines.add(profile.provenance().machine() + ", " + profile.mode() + ", chunks of " + profile.chunk() + ", "
                + profile.layers() + " layers");
        lines.add("");
        lines.add(line(
                "%5s  %11s  %13s  %13s  %14s  %8s",
                "bits", "MiB a layer", "ms a layer, 0", "ms, " + half, "prefill tok/s", "head ms"));
        for (WidthCost width : profile.widths()) {
            double packed = width.layers().stream()
                    .mapToLong(LayerCost::packedBytes)
                    .average()
                    .orElse(0);
            double decode = mean(width, layer -> layer.decode().at(0));
            double later = mean(width, layer -> layer.decode().at(half));
            double prefill = mean(width, layer -> layer.prefill().at(profile.chunk() / 2.0)) * profile.layers();
            lines.add(line(
                    "%5d  %11.3f  %13.4f  %13.4f  %14.0f  %8.4f",
                    width.bits(), packed / MIB, decode, later, MICROS / prefill, width.headMillis()));
        }
        lines.add("");
        lines.add(line(
                "memory besides: %.1f MiB the program, %.1f MiB workspace, %d bytes a position of the rotary table; a step takes"
                        + " %.4f ms besides its layers",
                profile.memory().base() / MIB,
                profile.memory().workspace() / MIB,
                profile.memory().rotaryPerPosition(),
                profile.stepMillis()));
        lines.add(line(
                "steps: %.2f times as long behind a wait; one in twenty takes %.0f %% longer than usual",
                profile.step().afterWait(), 100 * profile.step().promised(0.05)));
        for (KvCost kv : profile.kv()) {
            lines.add(line(
                    "keys and values in %s: %d bytes a layer and token, %.4f ms more at %d",
                    kv.name(), kv.bytesPerToken(), kv.extraDecode().at(half), half));
        }
        if (!profile.codec().isEmpty()) {
            lines.add("");
            lines.add(line(
                    "%10s  %9s  %9s  %16s  %16s",
                    "µs a token", "encode", "decode", "encode, prompt", "decode, prompt"));
            for (CodecCost codec : profile.codec()) {
                lines.add(line(
                        "%10s  %9.2f  %9.2f  %16.2f  %16.2f",
                        codec.link(),
                        codec.encode() * MICROS,
                        codec.decode() * MICROS,
                        codec.encodePrompt() * MICROS,
                        codec.decodePrompt() * MICROS));
            }
        }
        return lines;
    }

    private interface Figure {
        double of(LayerCost layer);
    }

    private static double mean(WidthCost width, Figure figure) {
        return width.layers().stream().mapToDouble(figure::of).average().orElse(0);
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
