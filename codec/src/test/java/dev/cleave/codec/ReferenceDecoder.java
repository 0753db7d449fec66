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
    private final List<Token> heads = new ArrayList<>();
    private final List<int[]> codes = new ArrayList<>();
    private ReferenceRange range;

    private static final class Token {
        private int kind;
        private int bits;
        private boolean coded;
        private final List<Integer> indices = new ArrayList<>();
        private final List<Float> outliers = new ArrayList<>();
        private float minimum;
        private float scale;
        private int centre;
        private int spread;
    }

    ReferenceDecoder(byte[] bytes) {
        frame = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        tokens = frame.getShort(4) & 0xFFFF;
        width = (frame.getShort(6) & 0xFFFF) + 1;
        frame.position(8);
    }

    /** Returns the codes of each token, null for one that escapes; known after {@link #decode()}. */
    List<int[]> codes() {
        return codes;
    }

    float[] decode() {
        for (int i = 0; i < tokens; i++) {
            heads.add(head());
        }
        float[][] escaped = new float[tokens][];
        int[][] plain = new int[tokens][];
        for (int i = 0; i < tokens; i++) {
            Token token = heads.get(i);
            if (token.kind == 0x20 || token.kind == 0x40) {
                escaped[i] = new float[width];
                for (int j = 0; j < width; j++) {
                    escaped[i][j] = token.kind == 0x40 ? frame.getFloat() : half();
                }
            } else if (!token.coded) {
                plain[i] = unpack(width - token.indices.size(), token.bits);
            }
        }
        if (heads.stream().anyMatch(token -> token.coded)) {
            range = new ReferenceRange(frame);
        }
        float[] values = new float[tokens * width];
        for (int i = 0; i < tokens; i++) {
            Token token = heads.get(i);
            if (escaped[i] != null) {
                codes.add(null);
                System.arraycopy(escaped[i], 0, values, i * width, width);
                continue;
            }
            int[] each = token.coded ? read(token) : plain[i];
            codes.add(each);
            int next = 0;
            for (int j = 0; j < width; j++) {
                int outlier = token.indices.indexOf(j);
                values[i * width + j] = outlier >= 0
                        ? token.outliers.get(outlier)
                        : (float) Math.min(token.minimum + (double) each[next++] * token.scale, Float.MAX_VALUE);
            }
        }
        return values;
    }

    private Token head() {
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
