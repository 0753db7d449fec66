package dev.cleave.codec.tuned;

import dev.cleave.codec.rans.RangeWriter;
import dev.cleave.codec.rans.SpreadTables;
import java.util.Arrays;

/**
 * Puts a {@link Calibration} together, and finds how far components spread: it codes examples at every step width and takes,
 * for each component, the table under which they cost least.
 */
public final class CalibrationBuilder {
    private static final int ROUNDS = 3;

    private final float unit;
    private final float[] mean;
    private final Transform forIds;
    private Transform forCodewords;
    private char[] classes = {0};
    private ByteTable current;
    private ByteTable previous;
    private ByteTable codewords;
    private int[] frequency = {SpreadTables.TOTAL};
    private byte[][] spreads;

    /**
     * Begins.
     *
     * @param block rows and columns of the transform's blocks, 1..d
     * @param unit root mean square of the activations around their mean
     * @param mean [d]
     * @param transform orthonormal, by blocks: of each, its rows one after another; for both kinds of tokens
     */
    public CalibrationBuilder(int block, double unit, float[] mean, float[] transform) {
        if (transform.length != Transform.size(mean.length, block) || !(unit > 0)) {
            throw new IllegalArgumentException("transform of " + transform.length + " values, unit " + unit
                    + " for width " + mean.length + " and block " + block);
        }
        this.unit = (float) unit;
        this.mean = mean.clone();
        this.forIds = new Transform(block, this.mean, transform.clone());
        this.forCodewords = forIds;
        float[] nothing = new float[mean.length];
        current = ByteTable.of(nothing, mean.length);
        previous = current;
        codewords = current;
        spreads = new byte[2 * TunedStep.FITTED][mean.length];
        for (byte[] spread : spreads) {
            Arrays.fill(spread, (byte) (SpreadTables.SPREADS / 2));
        }
    }

    /**
     * Sets what is expected of a token by its id and by the one before.
     *
     * @param classOf [vocabulary], class of each id, 0..K-1
     * @param currentRows [K, d], components
     * @param previousRows [K, d], components
     */
    public CalibrationBuilder ids(char[] classOf, float[] currentRows, float[] previousRows) {
        classes = classOf.clone();
        current = ByteTable.of(currentRows, mean.length);
        previous = ByteTable.of(previousRows, mean.length);
        return this;
    }

    /**
     * Sets the transform of tokens whose ids are not known, where it is another.
     *
     * @param transform as the one for both
     */
    public CalibrationBuilder codewordTransform(float[] transform) {
        forCodewords = new Transform(forIds.block(), mean, transform.clone());
        return this;
    }

    /**
     * Sets the codewords.
     *
     * @param rows [C, d], components, C in 1..2048
     * @param uses [C], how often each is the nearest in examples
     */
    public CalibrationBuilder codewords(float[] rows, long[] uses) {
        codewords = ByteTable.of(rows, mean.length);
        frequency = frequencies(uses);
        return this;
    }

    private static int[] frequencies(long[] uses) {
        double sum = 0;
        for (long each : uses) {
            sum += each + 0.5;
        }
        int[] frequency = new int[uses.length];
        int left = SpreadTables.TOTAL;
        int most = 0;
        for (int i = 0; i < uses.length; i++) {
            frequency[i] = 1 + (int) ((SpreadTables.TOTAL - uses.length) * ((uses[i] + 0.5) / sum));
            left -= frequency[i];
            most = frequency[i] > frequency[most] ? i : most;
        }
        frequency[most] += left;
        return frequency;
    }

    /**
     * Finds the spreads by examples.
     *
     * @param activations [n, d]
     * @param ids [n], of their tokens
     * @param before [n], ids before them, or -1
     */
    public CalibrationBuilder fit(float[] activations, int[] ids, int[] before) {
        Calibration calibration = build();
        int width = mean.length;
        float[] row = new float[width];
        float[][] components = new float[ids.length][width];
        float[][] expected = new float[ids.length][width];
        float[] scores = new float[codewords.rows()];
        for (int i = 0; i < ids.length; i++) {
            System.arraycopy(activations, i * width, row, 0, width);
            calibration.transform(Calibration.Kind.IDS).forward(row, components[i]);
            calibration.expected(ids[i], before[i], expected[i]);
        }
        fit(Calibration.Kind.IDS, components, expected);
        for (int i = 0; i < ids.length; i++) {
            System.arraycopy(activations, i * width, row, 0, width);
            calibration.transform(Calibration.Kind.CODEWORDS).forward(row, components[i]);
            calibration.codewords().copy(calibration.nearestCodeword(components[i], scores), expected[i]);
        }
        fit(Calibration.Kind.CODEWORDS, components, expected);
        return this;
    }

    private void fit(Calibration.Kind kind, float[][] components, float[][] expected) {
        int width = mean.length;
        short[] codes = new short[components.length * width];
        for (TunedStep step : TunedStep.fitted()) {
            byte[] found = spreads[kind.ordinal() * TunedStep.FITTED + step.spreads()];
            TunedQuantizer quantizer = new TunedQuantizer(step.width(unit), found);
            int rows = 0;
            for (int i = 0; i < components.length; i++) {
                rows += Double.isNaN(quantizer.quantize(components[i], expected[i], codes, rows * width)) ? 0 : 1;
            }
            for (int round = 0; round < ROUNDS; round++) {
                int[] shifts = new int[rows];
                for (int i = 0; i < rows && round > 0; i++) {
                    shifts[i] = quantizer.shift(codes, i * width);
                }
                for (int k = 0; k < width; k++) {
                    found[k] = cheapest(codes, k, shifts);
                }
            }
        }
    }

    /** Returns the spread under which a component's codes cost least, their tokens being shifted so. */
    private byte cheapest(short[] codes, int component, int[] shifts) {
        int width = mean.length;
        int[][] histogram = new int[2 * TunedQuantizer.REACH + 1][SpreadTables.SYMBOLS];
        for (int i = 0; i < shifts.length; i++) {
            histogram[shifts[i] + TunedQuantizer.REACH][RangeWriter.symbol(codes[i * width + component])]++;
        }
        int best = 0;
        double least = Double.MAX_VALUE;
        for (int spread = 0; spread < SpreadTables.SPREADS; spread++) {
            double bits = 0;
            for (int shift = -TunedQuantizer.REACH; shift <= TunedQuantizer.REACH; shift++) {
                float[] each = SpreadTables.bits(SpreadTables.nearest(spread + shift));
                int[] counts = histogram[shift + TunedQuantizer.REACH];
                for (int symbol = 0; symbol < SpreadTables.SYMBOLS; symbol++) {
                    bits += counts[symbol] * (each[symbol] + (symbol == SpreadTables.OTHER ? 16 : 0));
                }
            }
            if (bits < least) {
                least = bits;
                best = spread;
            }
        }
        return (byte) best;
    }

    /** Returns the calibration. */
    public Calibration build() {
        byte[][] copy = new byte[spreads.length][];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = spreads[i].clone();
        }
        return new Calibration(
                unit,
                mean,
                forIds,
                forCodewords,
                classes,
                new Calibration.Tables(current, previous, codewords, frequency),
                copy);
    }
}
