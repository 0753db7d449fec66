package dev.cleave.bench.link;

/** Asymmetric uniform codes: minimum and scale as bfloat16, then b bits a value, lowest first; x̂ = m + q·s. */
final class Uniform {
    private static final int HEAD = 4;

    private Uniform() {}

    static int bytes(int count, int bits) {
        return HEAD + (count * bits + 7) / 8;
    }

    /** Writes the first {@code count} values at {@code at}; returns where they end. */
    static int write(float[] values, int count, int bits, byte[] out, int at) {
        float least = values[0];
        float greatest = values[0];
        for (int i = 1; i < count; i++) {
            least = Math.min(least, values[i]);
            greatest = Math.max(greatest, values[i]);
        }
        int levels = (1 << bits) - 1;
        int minimumHalf = Float.floatToRawIntBits(least) + (least < 0 ? 0xFFFF : 0) >>> 16;
        float minimum = widen(minimumHalf);
        int scaleHalf = Float.floatToRawIntBits((greatest - minimum) / levels) + 0xFFFF >>> 16;
        float scale = widen(scaleHalf);
        putShort(out, at, minimumHalf);
        putShort(out, at + 2, scaleHalf);
        int end = at + HEAD;
        int pending = 0;
        int filled = 0;
        for (int i = 0; i < count; i++) {
            int code = scale == 0 ? 0 : Math.min(levels, Math.round((values[i] - minimum) / scale));
            pending |= code << filled;
            for (filled += bits; filled >= 8; filled -= 8) {
                out[end++] = (byte) pending;
                pending >>>= 8;
            }
        }
        if (filled > 0) {
            out[end++] = (byte) pending;
        }
        return end;
    }

    /** Reads the first {@code count} values at {@code at}; returns where they end. */
    static int read(byte[] in, int at, int bits, float[] values, int count) {
        float minimum = widen(getShort(in, at));
        float scale = widen(getShort(in, at + 2));
        int next = at + HEAD;
        int pending = 0;
        int filled = 0;
        for (int i = 0; i < count; i++) {
            if (filled < bits) {
                pending |= (in[next++] & 0xFF) << filled;
                filled += 8;
            }
            values[i] = minimum + (pending & (1 << bits) - 1) * scale;
            pending >>>= bits;
            filled -= bits;
        }
        return next;
    }

    static float widen(int half) {
        return Float.intBitsToFloat(half << 16);
    }

    /** Returns the nearest bfloat16. */
    static int nearest(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits + 0x7FFF + (bits >>> 16 & 1) >>> 16;
    }

    static void putShort(byte[] out, int at, int value) {
        out[at] = (byte) value;
        out[at + 1] = (byte) (value >>> 8);
    }

    static int getShort(byte[] in, int at) {
        return in[at] & 0xFF | (in[at + 1] & 0xFF) << 8;
    }
}
