package dev.cleave.codec.tuned;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.rans.SpreadTables;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A {@link Calibration} as bytes, little endian. V is the vocabulary, K the number of classes, C that of codewords.
 *
 * <pre>
 *   magic                  4   "CLVC"
 *   version                2   1
 *   levels              2   11, those with spreads of their own
 *   d, block, V, K, C      4 each
 *   unit                   4   float32, as all numbers below that are not bytes
 *   mean                   4 · d
 *   transform              4 · d · block (less where block does not divide d): of each block, its rows; where ids are known
 *   transform              the same, where they are not
 *   classes                2 · V
 *   current                4 · d scales, K · d codes
 *   previous               4 · d scales, K · d codes
 *   codewords              4 · d scales, C · d codes
 *   codeword frequencies   2 · C, of 4096
 *   spreads                d for each level, ids known; then d for each, codewords
 * </pre>
 */
public final class CalibrationFile {
    private static final int MAGIC = 0x43564C43;
    private static final int VERSION = 1;
    private static final int HEADER = 32;
    private static final int MAX_VOCABULARY = 1 << 20;
    private static final int MAX_CLASSES = 1 << 16;
    private static final float GREATEST = 1e12f;

    private final ByteBuffer bytes;

    private CalibrationFile(ByteBuffer bytes) {
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Returns a calibration as bytes. */
    public static byte[] write(Calibration from) {
        int width = from.width();
        int classes = from.current().rows();
        int codewords = from.codewords().rows();
        Transform forIds = from.transform(Calibration.Kind.IDS);
        Transform forCodewords = from.transform(Calibration.Kind.CODEWORDS);
        byte[] bytes = new byte[(int) size(width, forIds.block(), from.vocabulary(), classes, codewords)];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putShort((short) VERSION).putShort((short) TunedStep.FITTED);
        out.putInt(width)
                .putInt(forIds.block())
                .putInt(from.vocabulary())
                .putInt(classes)
                .putInt(codewords);
        out.putFloat(from.unit());
        put(out, from.mean());
        put(out, forIds.rows());
        put(out, forCodewords.rows());
        for (char each : from.classes()) {
            out.putChar(each);
        }
        for (ByteTable table : Arrays.asList(from.current(), from.previous(), from.codewords())) {
            put(out, table.scales());
            out.put(table.codes());
        }
        for (int frequency : from.codewordFrequency()) {
            out.putShort((short) frequency);
        }
        for (byte[] spread : from.spreads()) {
            out.put(spread);
        }
        return bytes;
    }

    /**
     * Reads a calibration.
     *
     * @throws CodecException where the bytes are none, of another version, or hold numbers outside their ranges
     */
    public static Calibration read(byte[] bytes) {
        return new CalibrationFile(ByteBuffer.wrap(bytes)).read();
    }

    private static long size(int width, int block, int vocabulary, int classes, int codewords) {
        return HEADER
                + 4L * width
                + 4 * 2 * Transform.size(width, block)
                + 2L * vocabulary
                + 2 * (4L * width + (long) classes * width)
                + 4L * width
                + (long) codewords * width
                + 2L * codewords
                + 2L * TunedStep.FITTED * width;
    }

    private static void put(ByteBuffer out, float[] values) {
        for (float value : values) {
            out.putFloat(value);
        }
    }

    private Calibration read() {
        if (bytes.capacity() < HEADER || bytes.getInt() != MAGIC) {
            throw new CodecException(Reason.VERSION, "these " + bytes.capacity() + " bytes are no calibration", 0);
        }
        int version = bytes.getShort();
        int levels = bytes.getShort();
        if (version != VERSION || levels != TunedStep.FITTED) {
            throw new CodecException(
                    Reason.VERSION,
                    "calibration of version " + version + " with " + levels + " levels where version " + VERSION
                            + " with " + TunedStep.FITTED + " is read; calibrate the bundle again",
                    4);
        }
        int width = number("width", 1, Frame.MAX_WIDTH);
        int block = number("block", 1, width);
        int vocabulary = number("vocabulary", 1, MAX_VOCABULARY);
        int classes = number("classes", 1, MAX_CLASSES);
        int codewords = number("codewords", 1, SpreadTables.TOTAL);
        float unit = value("unit");
        long size = size(width, block, vocabulary, classes, codewords);
        if (size != bytes.capacity()) {
            throw new CodecException(
                    Reason.LENGTH,
                    "calibration of " + bytes.capacity() + " bytes where its header states " + size,
                    Math.min(size, bytes.capacity()));
        }
        if (!(unit > 0)) {
            throw new CodecException(Reason.FIELD, "unit is " + unit + " where more than 0 is expected", HEADER - 4);
        }
        float[] mean = values("mean", width);
        Transform forIds = transform(block, mean);
        Transform forCodewords = transform(block, mean);
        char[] classOf = new char[vocabulary];
        for (int i = 0; i < vocabulary; i++) {
            classOf[i] = bytes.getChar();
            if (classOf[i] >= classes) {
                throw field(
                        "class of id " + i + " is " + (int) classOf[i] + ", at most " + (classes - 1) + " is there");
            }
        }
        ByteTable current = table(classes, width);
        ByteTable previous = table(classes, width);
        ByteTable words = table(codewords, width);
        Calibration.Tables tables = new Calibration.Tables(current, previous, words, frequencies(codewords));
        return new Calibration(unit, mean, forIds, forCodewords, classOf, tables, spreads(width));
    }

    private int number(String what, int least, int most) {
        int value = bytes.getInt();
        if (value < least || value > most) {
            throw field(what + " is " + value + ", outside " + least + ".." + most);
        }
        return value;
    }

    private float value(String what) {
        float value = bytes.getFloat();
        if (!(Math.abs(value) <= GREATEST)) {
            throw field(what + " has " + value + "; at most ±1e12 may be");
        }
        return value;
    }

    private float[] values(String what, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = value(what);
        }
        return values;
    }

    private Transform transform(int block, float[] mean) {
        return new Transform(block, mean, values("transform", (int) Transform.size(mean.length, block)));
    }

    private ByteTable table(int rows, int width) {
        float[] scales = values("scales", width);
        byte[] codes = new byte[rows * width];
        bytes.get(codes);
        return new ByteTable(scales, codes);
    }

    private int[] frequencies(int count) {
        int[] frequencies = new int[count];
        int sum = 0;
        for (int i = 0; i < count; i++) {
            frequencies[i] = bytes.getShort();
            // The coder takes at most 4095: with one codeword, it cannot but be that one.
            if (frequencies[i] < 1) {
                throw field("frequency of codeword " + i + " is " + frequencies[i] + ", at least 1 is needed");
            }
            sum += frequencies[i];
        }
        if (sum != SpreadTables.TOTAL) {
            throw field("frequencies of codewords sum to " + sum + " where " + SpreadTables.TOTAL + " is expected");
        }
        return frequencies;
    }

    private byte[][] spreads(int width) {
        byte[][] spreads = new byte[2 * TunedStep.FITTED][width];
        for (byte[] spread : spreads) {
            bytes.get(spread);
            for (byte each : spread) {
                if (each < 0 || each >= SpreadTables.SPREADS) {
                    throw field("spread is " + each + ", outside 0.." + (SpreadTables.SPREADS - 1));
                }
            }
        }
        return spreads;
    }

    private CodecException field(String message) {
        return new CodecException(Reason.FIELD, "calibration: " + message, bytes.position());
    }
}
