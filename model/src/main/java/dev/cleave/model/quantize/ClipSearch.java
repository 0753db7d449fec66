package dev.cleave.model.quantize;

import java.util.Arrays;

/**
 * Searches the scales of many blocks at once. The blocks lie side by side, one a lane, so that each inner loop runs over
 * lanes and compiles to vector instructions.
 */
final class ClipSearch {
    /** Blocks at once: enough that a loop over lanes is long, few enough that they stay in the cache. */
    static final int LANES = 256;

    /** Added and taken away again, it rounds a float below 2^22 to the nearest integer. */
    private static final float ROUNDING = 0x1.8p23f;

    private static final int REFINEMENTS = 2;

    private final BlockFormat format;
    private final float lowest;
    private final float highest;
    private final float[] clips;
    private final float[][] weights;
    private final float[] extreme = new float[LANES];
    private final float[] inverse = new float[LANES];
    private final float[] weightCode = new float[LANES];
    private final float[] codeCode = new float[LANES];
    private final float[] gain = new float[LANES];
    private final float[] scale = new float[LANES];
    private final int[] codes;
    private final int[] plainCodes;

    ClipSearch(BlockFormat format) {
        this.format = format;
        this.lowest = -format.zero();
        this.highest = format.zero() - 1f;
        this.clips = clips(format.bits());
        this.weights = new float[format.block()][LANES];
        this.codes = new int[format.block()];
        this.plainCodes = new int[format.block()];
    }

    /** Shares of the greatest magnitude at which to clip: the fewer the levels, the more clipping pays. */
    private static float[] clips(int bits) {
        float least = bits == 2 ? 0.35f : bits == 4 ? 0.6f : 0.9f;
        int steps = bits == 8 ? 5 : 14;
        float[] clips = new float[steps];
        for (int i = 0; i < steps; i++) {
            clips[i] = 1 - (1 - least) * i / (steps - 1);
        }
        return clips;
    }

    /** Takes the weights of one block. */
    void load(int lane, float[] values, int from, int count) {
        float found = 0;
        for (int i = 0; i < count; i++) {
            float value = values[from + i];
            weights[i][lane] = value;
            if (Math.abs(value) > Math.abs(found)) {
                found = value;
            }
        }
        extreme[lane] = found;
    }

    /** Forgets all blocks. */
    void clear() {
        for (float[] row : weights) {
            Arrays.fill(row, 0);
        }
        Arrays.fill(extreme, 0);
    }

    /** Finds the scale of every block. */
    void run() {
        Arrays.fill(gain, 0);
        Arrays.fill(scale, 0);
        for (float clip : clips) {
            attempt(lowest / clip);
            attempt(highest / clip);
        }
        for (int i = 0; i < REFINEMENTS; i++) {
            for (int lane = 0; lane < LANES; lane++) {
                inverse[lane] = finite(1 / scale[lane]);
            }
            measure();
        }
    }

    /** Tries the scale that gives the clipped extreme value this code. */
    private void attempt(float code) {
        for (int lane = 0; lane < LANES; lane++) {
            inverse[lane] = finite(code / extreme[lane]);
        }
        measure();
    }

    /** Of a block without weights but zeros, or of some too small to divide by, every code is 0. */
    private static float finite(float inverse) {
        return Math.abs(inverse) <= Float.MAX_VALUE ? inverse : 0;
    }

    /**
     * Rounds all blocks by {@link #inverse} and keeps the least-squares scale where it is the best so far. With it the squared
     * error is ⟨w, w⟩ - ⟨w, q⟩² / ⟨q, q⟩, so the best has the greatest second term.
     */
    private void measure() {
        Arrays.fill(weightCode, 0);
        Arrays.fill(codeCode, 0);
        for (float[] row : weights) {
            accumulate(row, inverse, lowest, highest, weightCode, codeCode);
        }
        for (int lane = 0; lane < LANES; lane++) {
            float least = weightCode[lane] / codeCode[lane];
            float gained = weightCode[lane] * least;
            if (gained > gain[lane]) {
                gain[lane] = gained;
                scale[lane] = least;
            }
        }
    }

    private static void accumulate(
            float[] row, float[] inverse, float lowest, float highest, float[] weightCode, float[] codeCode) {
        for (int lane = 0; lane < LANES; lane++) {
            float code = (row[lane] * inverse[lane] + ROUNDING) - ROUNDING;
            code = Math.max(lowest, Math.min(highest, code));
            weightCode[lane] += row[lane] * code;
            codeCode[lane] += code * code;
        }
    }

    /** Stores the codes and the scale of one block. */
    void store(int lane, float[] values, int from, int count, QuantizedRows out, int index) {
        float plain = extreme[lane] / lowest;
        double plainError = round(values, from, count, plain, plainCodes);
        double error = round(values, from, count, scale[lane], codes);
        if (error < plainError) {
            out.put(index, scale[lane], codes, count);
        } else {
            out.put(index, plain, plainCodes, count);
        }
    }

    /** Rounds a block, and returns the squared error of what will be read back. */
    private double round(float[] values, int from, int count, float by, int[] target) {
        int zero = format.zero();
        double error = 0;
        for (int i = 0; i < count; i++) {
            float value = values[from + i];
            int code = by == 0 ? 0 : Math.max(-zero, Math.min(zero - 1, Math.round(value / by)));
            target[i] = code + zero;
            double difference = value - code * by;
            error += difference * difference;
        }
        return error;
    }
}
