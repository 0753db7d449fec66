package dev.cleave.codec;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * A second decoder of tabq frames, written from docs/wire.md alone: slow, straightforward, with big integers, and without a line
 * of the first. It takes frames as right; what is wrong with a frame is the first one's business.
 */
final class ReferenceDecoder {
    private final ByteBuffer frame;
    private final int tokens;
    private final int width;
    private final List<Token> headers = new ArrayList<>();
    private final List<int[]> codes = new ArrayList<>();
    private final List<ReferenceRange> ranges = new ArrayList<>();
    private final int flags;
    private final int level;
    private int spreadBefore;
    private int exponentBefore = -1;
    private float[][] escaped;
    private int[][] plain;

    /** Spreads that the first coded header counts from, by id. */
    private static final int[] USUAL = {29, 25, 22, 21, 18, 17, 14, 19};

    private static final class Token {
        private int kind;
        private int bits;
        private boolean coded;
        private final List<Integer> indices = new ArrayList<>();
        private final List<Float> outliers = new ArrayList<>();
        private float minimum;
        private float scale;
        private boolean codedHeader;
        private int exponent;
        private int centre;
        private int spread;
    }

    ReferenceDecoder(byte[] bytes) {
        frame = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        level = frame.get(2);
        flags = frame.get(3);
        tokens = frame.getShort(4) & 0xFFFF;
        width = (frame.getShort(6) & 0xFFFF) + 1;
        frame.position(8).limit(bytes.length - 4);
    }

    /** Returns the codes of each token, null for one that escapes; known after {@link #decode()}. */
    List<int[]> codes() {
        return codes;
    }

    float[] decode() {
        if (flags / 2 % 2 == 1) {
            return decodeCodedHeaders();
        }
        for (int i = 0; i < tokens; i++) {
            headers.add(header());
        }
        readValues();
        if (headers.stream().anyMatch(token -> token.coded)) {
            begin();
        }
        float[] values = new float[tokens * width];
        for (int i = 0; i < tokens; i++) {
            place(values, i, headers.get(i), i);
        }
        return values;
    }

    /** Flag 2: each token begins in the range coder, with its header or with word of one in front. */
    private float[] decodeCodedHeaders() {
        int inFront = flags / 4 == 1 ? frame.getShort() & 0xFFFF : 0;
        for (int i = 0; i < inFront; i++) {
            headers.add(header());
        }
        readValues();
        begin();
        spreadBefore = USUAL[level - 16];
        float[] values = new float[tokens * width];
        int next = 0;
        for (int i = 0; i < tokens; i++) {
            int symbol = ranges.get(0).symbol(ReferenceRange.slots(11));
            if (symbol == 63) {
                place(values, i, headers.get(next), next);
                next++;
            } else {
                place(values, i, codedHeader(symbol - 31), -1);
            }
        }
        return values;
    }

    private Token codedHeader(int spreadMore) {
        Token token = new Token();
        token.codedHeader = true;
        token.coded = true;
        token.centre = 128;
        spreadBefore += spreadMore;
        token.spread = spreadBefore;
        int count = ranges.get(0).symbol(ReferenceRange.slots(0)) - 31;
        for (int i = 0; i < count; i++) {
            token.indices.add(width > 256 ? wordSymbols() : ranges.get(0).byteSymbol());
            token.outliers.add(Float.intBitsToFloat(wordSymbols() << 16));
        }
        if (tokens > 1) {
            int symbol = exponentBefore < 0 ? 63 : ranges.get(0).symbol(ReferenceRange.slots(26));
            exponentBefore = symbol == 63 ? wordSymbols() : exponentBefore + symbol - 31;
            token.exponent = exponentBefore;
        }
        return token;
    }

    private int wordSymbols() {
        return ranges.get(0).byteSymbol() + 256 * ranges.get(0).byteSymbol();
    }

    /** What stands between headers and range coder. */
    private void readValues() {
        escaped = new float[headers.size()][];
        plain = new int[headers.size()][];
        for (int i = 0; i < headers.size(); i++) {
            Token token = headers.get(i);
            if (token.kind == 0x20 || token.kind == 0x40) {
                escaped[i] = new float[width];
                for (int j = 0; j < width; j++) {
                    escaped[i][j] = token.kind == 0x40 ? frame.getFloat() : half();
                }
            } else if (!token.coded) {
                plain[i] = unpack(width - token.indices.size(), token.bits);
            }
        }
    }

    private void place(float[] values, int row, Token token, int header) {
        if (header >= 0 && escaped[header] != null) {
            codes.add(null);
            System.arraycopy(escaped[header], 0, values, row * width, width);
            return;
        }
        int[] each = token.coded ? read(token) : plain[header];
        codes.add(each);
        if (token.codedHeader && tokens == 1) {
            token.exponent = ranges.get(0).state();
        }
        int next = 0;
        for (int j = 0; j < width; j++) {
            int outlier = token.indices.indexOf(j);
            values[row * width + j] = outlier >= 0 ? token.outliers.get(outlier) : value(token, each[next++]);
        }
    }

    /** One range coder, or with flag 1 two: the length of the first stands in front of it. */
    private void begin() {
        if (flags % 2 == 1) {
            int length = frame.getInt();
            ranges.add(new ReferenceRange(frame.slice(frame.position(), length)));
            frame.position(frame.position() + length);
        }
        ranges.add(new ReferenceRange(frame.slice()));
    }

    private static float value(Token token, int code) {
        if (token.codedHeader) {
            double scale = (float) StrictMath.pow(2, (token.exponent - 384) / 32.0);
            return (float) ((code - 128) * scale);
        }
        return (float) Math.min(token.minimum + (double) code * token.scale, Float.MAX_VALUE);
    }

    private Token header() {
        Token token = new Token();
        token.kind = frame.get() & 0xFF;
        if (token.kind == 0x20 || token.kind == 0x40) {
            return token;
        }
        token.bits = token.kind % 8 + 1;
        token.coded = token.kind / 8 % 2 == 1;
        if (token.kind / 16 % 2 == 1) {
            int count = 1 + (width > 4096 ? frame.getShort() & 0xFFFF : frame.get() & 0xFF);
            for (int i = 0; i < count; i++) {
                token.indices.add(width > 256 ? frame.getShort() & 0xFFFF : frame.get() & 0xFF);
                token.outliers.add(half());
            }
        }
        token.minimum = half();
        token.scale = half();
        if (token.coded) {
            token.centre = frame.get() & 0xFF;
            token.spread = frame.get() & 0xFF;
        }
        return token;
    }

    private float half() {
        return Float.intBitsToFloat((frame.getShort() & 0xFFFF) << 16);
    }

    private int[] unpack(int count, int bits) {
        byte[] packed = new byte[(count * bits + 7) / 8];
        frame.get(packed);
        int[] unpacked = new int[count];
        for (int i = 0; i < count * bits; i++) {
            int bit = packed[i / 8] >> i % 8 & 1;
            unpacked[i / bits] += bit << i % bits;
        }
        return unpacked;
    }

    private int[] read(Token token) {
        long[] slots = ReferenceRange.slots(token.spread);
        int[] read = new int[width - token.indices.size()];
        for (int i = 0; i < read.length; i++) {
            ReferenceRange range = ranges.get(i % ranges.size());
            int symbol = range.symbol(slots);
            if (symbol < 63) {
                read[i] = token.centre + symbol - 31;
            } else {
                read[i] = range.byteSymbol();
            }
        }
        return read;
    }
}
