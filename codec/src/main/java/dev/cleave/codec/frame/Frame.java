package dev.cleave.codec.frame;

import dev.cleave.codec.CodecException;
import dev.cleave.codec.CodecException.Reason;
import dev.cleave.codec.rans.LittleEndian;
import java.util.zip.CRC32;

/**
 * The frame that all levels share. Little endian.
 *
 * <pre>
 *   0       1         2         3       4        6           8                 length-4
 *   +-------+---------+---------+-------+--------+-----------+------ ~ ---------+--------+
 *   | 0xCE  | version | level | flags | tokens | width - 1 | rows             | CRC-32 |
 *   +-------+---------+---------+-------+--------+-----------+------ ~ ---------+--------+
 * </pre>
 *
 * Flags are 0, but for levels that say what theirs mean. The checksum covers everything before it.
 */
public final class Frame {
    public static final int MAGIC = 0xCE;
    public static final int VERSION = 1;
    public static final int HEADER = 8;
    public static final int CHECKSUM = 4;
    public static final int OVERHEAD = HEADER + CHECKSUM;
    public static final int MAX_TOKENS = 0xFFFF;
    public static final int MAX_WIDTH = 0x10000;

    private static final int AT_VERSION = 1;
    public static final int AT_LEVEL = 2;
    public static final int AT_FLAGS = 3;
    private static final int AT_TOKENS = 4;
    private static final int AT_WIDTH = 6;

    private Frame() {}

    public static int checkWidth(int width) {
        if (width < 1 || width > MAX_WIDTH) {
            throw new IllegalArgumentException("width=" + width + " is not in 1.." + MAX_WIDTH);
        }
        return width;
    }

    public static void writeHeader(byte[] out, int at, int level, int flags, int tokens, int width) {
        out[at] = (byte) MAGIC;
        out[at + AT_VERSION] = VERSION;
        out[at + AT_LEVEL] = (byte) level;
        out[at + AT_FLAGS] = (byte) flags;
        LittleEndian.putShort(out, at + AT_TOKENS, tokens);
        LittleEndian.putShort(out, at + AT_WIDTH, width - 1);
    }

    public static void writeChecksum(byte[] out, int at, int length, CRC32 crc) {
        LittleEndian.putInt(out, at + length - CHECKSUM, checksum(out, at, length, crc));
    }

    /**
     * Checks everything but the rows and the checksum.
     *
     * @return tokens, 1..65535
     */
    public static int readHeader(byte[] in, int at, int length, LevelId level, int width) {
        if (length < OVERHEAD) {
            throw new CodecException(
                    Reason.LENGTH,
                    "frame of " + length + " bytes is shorter than the " + OVERHEAD + " of an empty one",
                    length);
        }
        expect(Reason.VERSION, "magic number", in[at] & 0xFF, MAGIC, 0);
        expect(Reason.VERSION, "frame version", in[at + AT_VERSION] & 0xFF, VERSION, AT_VERSION);
        int id = in[at + AT_LEVEL] & 0xFF;
        if (id != level.id()) {
            throw new CodecException(
                    Reason.LEVEL,
                    "codec level " + id + " where the session has " + level.id() + " (" + level.name() + ")",
                    AT_LEVEL);
        }
        expect(Reason.SHAPE, "width", LittleEndian.getShort(in, at + AT_WIDTH) + 1, width, AT_WIDTH);
        int tokens = LittleEndian.getShort(in, at + AT_TOKENS);
        if (tokens == 0) {
            throw new CodecException(Reason.SHAPE, "frame of 0 tokens; at least 1 is needed", AT_TOKENS);
        }
        return tokens;
    }

    public static int flags(byte[] in, int at) {
        return in[at + AT_FLAGS] & 0xFF;
    }

    public static void checkRoom(int tokens, int width, int capacity) {
        if ((long) tokens * width > capacity) {
            throw new CodecException(
                    Reason.SHAPE,
                    "frame of " + tokens + " tokens by " + width + " values where there is room for " + capacity
                            + " values",
                    AT_TOKENS);
        }
    }

    public static void checkLength(long stated, int length) {
        if (stated != length) {
            throw new CodecException(
                    Reason.LENGTH,
                    "frame of " + length + " bytes whose header states " + stated,
                    Math.min(stated, length));
        }
    }

    public static void verifyChecksum(byte[] in, int at, int length, CRC32 crc) {
        int stated = LittleEndian.getInt(in, at + length - CHECKSUM);
        int actual = checksum(in, at, length, crc);
        if (stated != actual) {
            throw new CodecException(
                    Reason.CHECKSUM,
                    "CRC-32 is " + Integer.toHexString(actual) + " where the frame states "
                            + Integer.toHexString(stated),
                    (long) length - CHECKSUM);
        }
    }

    private static int checksum(byte[] bytes, int at, int length, CRC32 crc) {
        crc.reset();
        crc.update(bytes, at, length - CHECKSUM);
        return (int) crc.getValue();
    }

    private static void expect(Reason reason, String what, int actual, int expected, int offset) {
        if (actual != expected) {
            throw new CodecException(reason, what + " is " + actual + " where " + expected + " is expected", offset);
        }
    }
}
