package dev.cleave.codec.tuned;

import dev.cleave.codec.rans.RangeSymbols;
import java.util.Objects;

/**
 * What tuned levels know of the activations at one split of one model. Ours. With x a token's activations [d], a the class
 * of its id and p the class of the id before it:
 *
 * <pre>
 *   y = U (x − mean)                          components [d], see Transform
 *   e = y − current[a] − previous[p]          where the other end knows the ids, as it does in decoding
 *   e = y − codeword[j]                       where it does not: j is the nearest of a few hundred, and travels
 * </pre>
 *
 * Each of the two kinds may have a U of its own: what ids leave is correlated in another way than what codewords leave.
 * e is what a frame carries, in steps of a share of {@code unit}. Tables hold a byte a component, with a scale for each
 * component. Immutable; one serves all sessions. {@link CalibrationFile} is its form on disk.
 */
public final class Calibration {
    /** What is known of the tokens of a frame. */
    public enum Kind {
        /** The ids: the worker has sampled them itself. */
        IDS,
        /** Nothing: a prompt. */
        CODEWORDS
    }

    private final float unit;
    private final float[] mean;
    private final Transform forIds;
    private final Transform forCodewords;
    private final char[] classes;
    private final ByteTable current;
    private final ByteTable previous;
    private final ByteTable codewords;
    private final int[] codewordFrequency;
    private final byte[][] spreads;
    private final RangeSymbols codewordSymbols;
    private volatile Search search;

    /**
     * Puts the parts together; the arrays become its own.
     *
     * @param forIds U where ids are known
     * @param forCodewords U where they are not; may be the same
     * @param classes [vocabulary], of each id
     * @param spreads [2 · levels][d]: how far components spread, by kind and then level
     */
    public Calibration(
            float unit,
            float[] mean,
            Transform forIds,
            Transform forCodewords,
            char[] classes,
            Tables tables,
            byte[][] spreads) {
        this.unit = unit;
        this.mean = mean;
        this.forIds = forIds;
        this.forCodewords = forCodewords;
        this.classes = classes;
        this.current = tables.current;
        this.previous = tables.previous;
        this.codewords = tables.codewords;
        this.codewordFrequency = tables.codewordFrequency;
        this.spreads = spreads;
        this.codewordSymbols = new RangeSymbols(tables.codewordFrequency);
    }

    /** The three tables of vectors, [rows, d] each; and how often of 4096 times each codeword is used, at least 1. */
    public static final class Tables {
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

    /** What an encoder needs besides, to find the nearest codeword: all by components. Made when first used. */
    public static final class Search {
        private static final int SEARCHED = 256;

        final float[] codewords;
        final float[] halfNorms;
        final int searched;

        private Search(Calibration from) {
            int width = from.width();
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

    private Search search() {
        Search made = search;
        if (made == null) {
            made = new Search(this);
            search = made;
        }
        return made;
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
        return 4L * mean.length
                + transformBytes()
                + 2L * classes.length
                + current.bytes()
                + previous.bytes()
                + codewords.bytes()
                + (long) spreads.length * mean.length;
    }

    /** Returns the bytes that it occupies in memory at the end that encodes. */
    public long encoderBytes() {
        return decoderBytes() + transformBytes() + 4L * codewords.rows() * (Math.min(width(), Search.SEARCHED) + 1);
    }

    private long transformBytes() {
        return forIds.bytes() + (forCodewords == forIds ? 0 : forCodewords.bytes());
    }

    /** Returns U. */
    public Transform transform(Kind kind) {
        return kind == Kind.IDS ? forIds : forCodewords;
    }

    public float unit() {
        return unit;
    }

    public float[] mean() {
        return mean;
    }

    public char[] classes() {
        return classes;
    }

    public ByteTable current() {
        return current;
    }

    public ByteTable previous() {
        return previous;
    }

    public ByteTable codewords() {
        return codewords;
    }

    public int[] codewordFrequency() {
        return codewordFrequency;
    }

    public RangeSymbols codewordSymbols() {
        return codewordSymbols;
    }

    public byte[][] spreads() {
        return spreads;
    }

    /** Returns the spread of each component. */
    public byte[] spread(Kind kind, int which) {
        return spreads[kind.ordinal() * TunedStep.FITTED + which];
    }

    /**
     * Writes what is expected of a token whose id the other end knows.
     *
     * @param id 0..vocabulary-1
     * @param before the id before it, or -1 where the other end does not know that one
     */
    public void expected(int id, int before, float[] y) {
        current.copy(classes[id], y);
        if (before >= 0) {
            previous.add(classes[before], y);
        }
    }

    /** Returns the codeword nearest to y. */
    public int nearestCodeword(float[] y, float[] scores) {
        Search tables = search();
        int count = tables.halfNorms.length;
        System.arraycopy(tables.halfNorms, 0, scores, 0, count);
        for (int k = 0; k < tables.searched; k++) {
            Transform.addScaled(tables.codewords, k * count, -y[k], scores, 0, count);
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
