package dev.cleave.codec;

import java.util.Arrays;
import java.util.Objects;

/**
 * What tuned qualities know of the activations at one split of one model. Ours. With x a token's activations [d], a the class
 * of its id and p the class of the id before it:
 *
 * <pre>
 *   y = U (x − mean)                          components [d]; U is orthonormal, blocks of b rows and columns on its diagonal
 *   e = y − current[a] − previous[p]          where the other end knows the ids, as it does in decoding
 *   e = y − codeword[j]                       where it does not: j is the nearest of a few hundred, and travels
 * </pre>
 *
 * e is what a frame carries, in steps of a share of {@code unit}. Tables hold a byte a component, with a scale for each
 * component. Immutable; one serves all sessions. {@link CalibrationFile} is its form on disk.
 */
public final class Calibration {
    /** What is known of the tokens of a frame. */
    enum Kind {
        /** The ids: the worker has sampled them itself. */
        IDS,
        /** Nothing: a prompt. */
        CODEWORDS
    }

    private final int block;
    private final float unit;
    private final float[] mean;
    private final float[] inverse;
    private final char[] classes;
    private final ByteTable current;
    private final ByteTable previous;
    private final ByteTable codewords;
    private final int[] codewordFrequency;
    private final byte[][] spreads;
    private final RangeSymbols codewordSymbols;
    private volatile Forward forward;

    /**
     * Puts the parts together; the arrays become its own.
     *
     * @param transform U by blocks: of each, its rows one after another (see {@link #transformSize})
     * @param classes [vocabulary], of each id
     * @param spreads [2 · qualities][d]: how far components spread, by kind and then quality
     */
    Calibration(
            int block, float unit, float[] mean, float[] transform, char[] classes, Tables tables, byte[][] spreads) {
        this.block = block;
        this.unit = unit;
        this.mean = mean;
        this.inverse = transform;
        this.classes = classes;
        this.current = tables.current;
        this.previous = tables.previous;
        this.codewords = tables.codewords;
        this.codewordFrequency = tables.codewordFrequency;
        this.spreads = spreads;
        this.codewordSymbols = new RangeSymbols(tables.codewordFrequency);
    }

    /** The three tables of vectors, [rows, d] each; and how often of 4096 times each codeword is used, at least 1. */
    static final class Tables {
        final ByteTable current;
        final ByteTable previous;
        final ByteTable codewords;
        final int[] codewordFrequency;

        Tables(ByteTable current, ByteTable previous, ByteTable codewords, int[] codewordFrequency) {
            this.current = Objects.requireNonNull(current);
            this.previous = Objects.requireNonNull(previous);
            this.codewords = Objects.requireNonNull(codewords);
            this.codewordFrequency = codewordFrequency;
        }
    }

    /** What an encoder needs besides: the transform by columns, and the codewords by components. Made when first used. */
    static final class Forward {
        private static final int SEARCHED = 256;

        final float[] transform;
        final float[] codewords;
        final float[] halfNorms;
        final int searched;

        private Forward(Calibration from) {
            int width = from.width();
            transform = new float[from.inverse.length];
            for (int start = 0, at = 0; start < width; start += from.block) {
                int size = Math.min(from.block, width - start);
                for (int k = 0; k < size; k++) {
                    for (int i = 0; i < size; i++) {
                        transform[at + i * size + k] = from.inverse[at + k * size + i];
                    }
                }
                at += size * size;
            }
            int count = from.codewords.rows();
            searched = Math.min(width, SEARCHED);
            codewords = new float[searched * count];
            halfNorms = new float[count];
            for (int j = 0; j < count; j++) {
                for (int k = 0; k < searched; k++) {
                    float value = from.codewords.value(j, k);
                    codewords[k * count + j] = value;
                    halfNorms[j] += value * value / 2;
                }
            }
        }
    }

    Forward forward() {
        Forward made = forward;
        if (made == null) {
            made = new Forward(this);
            forward = made;
        }
        return made;
    }

    /** Returns the number of values of a transform. */
    static long transformSize(int width, int block) {
        long rest = width % block;
        return (long) (width / block) * block * block + rest * rest;
    }

    /** Returns d. */
    public int width() {
        return mean.length;
    }

    /** Returns ids that it knows. */
    public int vocabulary() {
        return classes.length;
    }

    /** Returns the bytes that it occupies in memory at the end that decodes. */
    public long decoderBytes() {
        return 4L * (mean.length + inverse.length)
                + 2L * classes.length
                + current.bytes()
                + previous.bytes()
                + codewords.bytes()
                + (long) spreads.length * mean.length;
    }

    /** Returns the bytes that it occupies in memory at the end that encodes. */
    public long encoderBytes() {
        return decoderBytes()
                + 4L * (inverse.length + (long) codewords.rows() * (Math.min(width(), Forward.SEARCHED) + 1));
    }

    int block() {
        return block;
    }

    float unit() {
        return unit;
    }

    float[] mean() {
        return mean;
    }

    float[] inverse() {
        return inverse;
    }

    char[] classes() {
        return classes;
    }

    ByteTable current() {
        return current;
    }

    ByteTable previous() {
        return previous;
    }

    ByteTable codewords() {
        return codewords;
    }

    int[] codewordFrequency() {
        return codewordFrequency;
    }

    RangeSymbols codewordSymbols() {
        return codewordSymbols;
    }

    byte[][] spreads() {
        return spreads;
    }

    /** Returns the spread of each component. */
    byte[] spread(Kind kind, int quality) {
        return spreads[kind.ordinal() * TunedQuality.COUNT + quality];
    }

    /**
     * Computes y = U (x − mean).
     *
     * @param x [d]
     * @param y [d], overwritten
     */
    void forward(float[] x, float[] y) {
        float[] columns = forward().transform;
        Arrays.fill(y, 0);
        int at = 0;
        for (int start = 0; start < x.length; start += block) {
            int size = Math.min(block, x.length - start);
            for (int i = 0; i < size; i++, at += size) {
                addScaled(columns, at, x[start + i] - mean[start + i], y, start, size);
            }
        }
    }

    /**
     * Computes x = mean + Uᵀ y.
     *
     * @param y [d]
     * @param x [d], overwritten
     */
    void inverse(float[] y, float[] x) {
        System.arraycopy(mean, 0, x, 0, x.length);
        int at = 0;
        for (int start = 0; start < x.length; start += block) {
            int size = Math.min(block, x.length - start);
            for (int k = 0; k < size; k++, at += size) {
                if (y[start + k] != 0) {
                    addScaled(inverse, at, y[start + k], x, start, size);
                }
            }
        }
    }

    /** The loop that a compiler turns into vector instructions. */
    private static void addScaled(float[] from, int at, float factor, float[] to, int start, int count) {
        for (int i = 0; i < count; i++) {
            to[start + i] += factor * from[at + i];
        }
    }

    /**
     * Writes what is expected of a token whose id the other end knows.
     *
     * @param id 0..vocabulary-1
     * @param before the id before it, or -1 where the other end does not know that one
     */
    void expected(int id, int before, float[] y) {
        current.copy(classes[id], y);
        if (before >= 0) {
            previous.add(classes[before], y);
        }
    }

    /** Returns the codeword nearest to y. */
    int nearestCodeword(float[] y, float[] scores) {
        Forward tables = forward();
        int count = tables.halfNorms.length;
        System.arraycopy(tables.halfNorms, 0, scores, 0, count);
        for (int k = 0; k < tables.searched; k++) {
            addScaled(tables.codewords, k * count, -y[k], scores, 0, count);
        }
        int nearest = 0;
        for (int j = 1; j < count; j++) {
            if (scores[j] < scores[nearest]) {
                nearest = j;
            }
        }
        return nearest;
    }
}
