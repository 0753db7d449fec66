package dev.cleave.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A second decoder of tuned frames, written from docs/wire.md alone: it reads the calibration's bytes itself, computes in
 * double and with big integers, and takes everything as right.
 */
final class TunedReferenceDecoder {
    private static final double[] PERCENT = {10, 14, 20, 25, 30, 36, 43, 52, 62, 75, 90, 27};

    private final int width;
    private final int block;
    private final double unit;
    private final double[] mean;
    private final double[][] forIds;
    private final double[][] forCodewords;
    private final int[] classes;
    private final double[][] current;
    private final double[][] previous;
    private final double[][] codewords;
    private final long[] frequencies;
    private final int[][] spreads = new int[22][];
    private double percent;
    private ByteBuffer frame;
    private ReferenceRange range;

    TunedReferenceDecoder(byte[] calibration) {
        ByteBuffer in =
                ByteBuffer.wrap(calibration).order(ByteOrder.LITTLE_ENDIAN).position(8);
        width = in.getInt();
        block = in.getInt();
        classes = new int[in.getInt()];
        int rows = in.getInt();
        int count = in.getInt();
        unit = in.getFloat();
        mean = floats(in, width);
        forIds = transform(in);
        forCodewords = transform(in);
        for (int i = 0; i < classes.length; i++) {
            classes[i] = in.getShort() & 0xFFFF;
        }
        current = table(in, rows);
        previous = table(in, rows);
        codewords = table(in, count);
        frequencies = new long[count];
        for (int i = 0; i < count; i++) {
            frequencies[i] = in.getShort();
        }
        for (int i = 0; i < 22; i++) {
            spreads[i] = new int[width];
            for (int k = 0; k < width; k++) {
                spreads[i][k] = in.get();
            }
        }
    }

    private double[][] transform(ByteBuffer in) {
        double[][] transform = new double[width][];
        for (int k = 0; k < width; k++) {
            transform[k] = floats(in, Math.min(block, width - k / block * block));
        }
        return transform;
    }

    private static double[] floats(ByteBuffer in, int count) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = in.getFloat();
        }
        return values;
    }

    private double[][] table(ByteBuffer in, int rows) {
        double[] scales = floats(in, width);
        double[][] table = new double[rows][width];
        for (double[] row : table) {
            for (int k = 0; k < width; k++) {
                row[k] = in.get() * scales[k];
            }
        }
        return table;
    }

    double[] decode(byte[] bytes, int id, int before) {
        frame = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int level = frame.get(2) == 43 ? 3 : frame.get(2) - 32;
        percent = PERCENT[frame.get(2) - 32];
        int flags = frame.get(3);
        boolean left = (flags & 8) != 0;
        int tokens = frame.getShort(4);
        frame.position(8);
        int escapes = (flags & 2) != 0 ? frame.getShort() : 0;
        double[][] escaped = new double[escapes][];
        for (int i = 0; i < escapes; i++) {
            escaped[i] = floats(frame, width);
        }
        range = new ReferenceRange(frame.limit(bytes.length - 4));
        double[] values = new double[tokens * width];
        int next = 0;
        for (int token = 0; token < tokens; token++) {
            int shift = range.symbol(ReferenceRange.slots(16)) - 31;
            double[] x = shift == 32 ? escaped[next++] : row(flags % 2 == 1, left, level, shift, id, before);
            System.arraycopy(x, 0, values, token * width, width);
        }
        return values;
    }

    private double[] row(boolean known, boolean left, int level, int shift, int id, int before) {
        double[] y = new double[width];
        int codeword = known || codewords.length == 1 ? 0 : range.symbol(frequencies);
        double step = (float) (percent / 100 * (float) unit);
        int[] codes = codes(spreads[known ? level : 11 + level], shift, left);
        for (int k = 0; k < width; k++) {
            y[k] = known
                    ? current[classes[id]][k] + (before < 0 ? 0 : previous[classes[before]][k])
                    : codewords[codeword][k];
            int q = codes[k];
            y[k] += Math.signum(q) * (Math.abs(q) - 0.04) * step * (q == 0 ? 0 : 1);
        }
        double[] values = mean.clone();
        double[][] transform = known ? forIds : forCodewords;
        for (int k = 0; k < width; k++) {
            for (int i = 0; i < transform[k].length; i++) {
                values[k / block * block + i] += transform[k][i] * y[k];
            }
        }
        return values;
    }

    private int[] codes(int[] spread, int shift, boolean left) {
        int[] table = Arrays.stream(spread)
                .map(each -> Math.max(0, Math.min(31, each + shift)))
                .toArray();
        List<Integer> reach = left ? reach(table) : List.of();
        int[] codes = new int[width];
        for (int k = reach.size(); k < width; k++) {
            codes[k] = code(table[k]);
        }
        int x = left ? range.state() : 0;
        for (int k = 0; k < reach.size(); k++) {
            int z = x % (2 * reach.get(k) + 1);
            codes[k] = z % 2 == 1 ? (z + 1) / 2 : -z / 2;
            x /= 2 * reach.get(k) + 1;
        }
        return codes;
    }

    private int code(int table) {
        int symbol = range.symbol(ReferenceRange.slots(table));
        if (symbol < 63) {
            return symbol - 31;
        }
        int low = range.byteSymbol();
        return (short) (low + 256 * range.byteSymbol());
    }

    /** How far the codes may be that the state is left with. */
    private List<Integer> reach(int[] table) {
        List<Integer> reach = new ArrayList<>();
        int product = 1;
        for (int k = 0; k < Math.min(width, 8); k++) {
            long[] slots = ReferenceRange.slots(table[k]);
            int m = 1;
            while (m < 31 && Arrays.stream(slots, 31 - m, 32 + m).sum() < 3974) {
                m++;
            }
            product *= 2 * m + 1;
            if (product > 8192) {
                break;
            }
            reach.add(m);
        }
        return reach;
    }
}
