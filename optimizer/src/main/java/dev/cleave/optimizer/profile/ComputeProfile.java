package dev.cleave.optimizer.profile;

import dev.cleave.optimizer.ProfileException;
import java.util.List;

/**
 * What a bundle costs on one machine, in one mode: measured.
 *
 * @param provenance where it comes from
 * @param mode {@code fast} or {@code exact}
 * @param chunk tokens of one step of a prompt
 * @param memory what does not depend on widths
 * @param step of one token, beyond its layers
 * @param widths each with as many layers as the others
 * @param kv precisions of keys and values; the first is what the lines of the layers were measured with
 * @param codec codec levels
 */
public record ComputeProfile(
        Provenance provenance,
        String mode,
        int chunk,
        FixedMemory memory,
        StepCost step,
        List<WidthCost> widths,
        List<KvCost> kv,
        List<CodecCost> codec) {
    private static final int MOST_CHUNK = 4096;

    /**
     * Memory that does not depend on widths, in bytes.
     *
     * @param base of the process: virtual machine, tokenizer
     * @param engine of its runtime, above split 0
     * @param session of MQTT and the session, below split L
     * @param workspace of a segment: buffers and scratch of one chunk
     * @param rotaryPerPosition of the table of cosines and sines; it is made for a power of two of positions
     * @param context tokens that the model was made for: the table is not greater
     */
    public record FixedMemory(
            long base, long engine, long session, long workspace, long rotaryPerPosition, int context) {
        private static final long MOST = 1L << 40;

        /** Checks the ranges. */
        public FixedMemory {
            Checks.within("memory.base", base, 0, MOST);
            Checks.within("memory.engine", engine, 0, MOST);
            Checks.within("memory.session", session, 0, MOST);
            Checks.within("memory.workspace", workspace, 0, MOST);
            Checks.within("memory.rotaryPerPosition", rotaryPerPosition, 0, 1 << 20);
            Checks.within("memory.context", context, 2, 1 << 30);
        }

        /** Returns the bytes of the rotary table of a sequence. */
        public long rotary(int length) {
            int rounded = Integer.highestOneBit(Math.max(1, length - 1)) * 2;
            return rotaryPerPosition * Math.min(rounded, context);
        }
    }

    /** Checks the ranges, and that all widths have the same layers. */
    public ComputeProfile {
        Checks.within("chunk", chunk, 1, MOST_CHUNK);
        if (widths.isEmpty()) {
            throw new ProfileException("widths", "empty", "at least one width");
        }
        if (kv.isEmpty()) {
            throw new ProfileException("kv", "empty", "at least one precision of keys and values");
        }
        widths = Checks.distinct("widths", widths, WidthCost::bits);
        kv = Checks.distinct("kv", kv, KvCost::name);
        codec = Checks.distinct("codec", codec, CodecCost::link);
        int layers = widths.get(0).layers().size();
        for (int i = 1; i < widths.size(); i++) {
            int found = widths.get(i).layers().size();
            if (found != layers) {
                throw new ProfileException(
                        "widths[" + i + "].layers", found + " layers", "as many as the first width has, " + layers);
            }
        }
    }

    /** Returns the ms of {@link StepCost}. */
    public double stepMillis() {
        return step.millis();
    }

    /** Returns the number of layers L. */
    public int layers() {
        return widths.get(0).layers().size();
    }
}
