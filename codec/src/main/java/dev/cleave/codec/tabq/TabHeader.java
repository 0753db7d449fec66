package dev.cleave.codec.tabq;

/**
 * What stands before a token's codes. Little endian.
 *
 * <pre>
 *   kind       1   bits 0..2  b − 1
 *                  bit  3     the codes are range-coded
 *                  bit  4     there are outliers
 *                  bits 5..6  1: no codes but d bfloat16, 2: d float32; all other bits are 0 then, and the header ends here
 *                  bit  7     0
 *   outliers       where there are:
 *     n − 1    1   2 bytes where d > 4096
 *     n times  3   index (4 bytes in all where d > 256), rising; value as bfloat16
 *   minimum    2   bfloat16
 *   scale      2   bfloat16, not negative
 *   centre     1   where the codes are range-coded
 *   spread     1   the same; 0..31, see SpreadTables
 * </pre>
 */
public final class TabHeader {
    public static final int BITS = 0x07;
    public static final int RANGE_CODED = 0x08;
    public static final int OUTLIERS = 0x10;
    public static final int AS_BF16 = 0x20;
    public static final int AS_FLOAT32 = 0x40;
    public static final int HALF = 2;

    /** Kind, minimum and scale. */
    public static final int BYTES = 5;

    /** Centre and spread, besides, where the codes are range-coded. */
    public static final int CODED_BYTES = 2;

    private static final int KIND_AND_COUNT = 3;
    private static final int NUMBERS = 6;
    private static final int LARGE_COUNT = 4096;
    private static final int LARGE_INDEX = 256;
    private static final int OUTLIER_SHARE = 16;

    private TabHeader() {}

    /** Returns the greatest number of outliers of a token. */
    public static int maxOutliers(int width) {
        return width / OUTLIER_SHARE;
    }

    /** Returns bytes of the greatest header. */
    public static int maxBytes(int width) {
        return KIND_AND_COUNT + maxOutliers(width) * (indexBytes(width) + HALF) + NUMBERS;
    }

    public static int countBytes(int width) {
        return width > LARGE_COUNT ? 2 : 1;
    }

    public static int indexBytes(int width) {
        return width > LARGE_INDEX ? 2 : 1;
    }

    /** Returns bytes of m codes of b bits. */
    public static int packedBytes(int codes, int bits) {
        return (int) (((long) codes * bits + 7) >>> 3);
    }
}
