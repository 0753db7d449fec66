package dev.cleave.codec;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The range coder's reading half, written from docs/wire.md alone, with big integers. */
final class ReferenceRange {
    private final ByteBuffer stream;
    private BigInteger state = BigInteger.ZERO;

    /** @param stream stands where the stream begins, and ends where it does */
    ReferenceRange(ByteBuffer stream) {
        this.stream = stream;
        fill();
    }

    /** Takes a symbol of those that own so many slots each, 4096 in all. */
    int symbol(long[] slots) {
        BigInteger total = BigInteger.valueOf(4096);
        long slot = state.mod(total).longValueExact();
        long first = 0;
        int symbol = 0;
        while (first + slots[symbol] <= slot) {
            first += slots[symbol++];
        }
        state = BigInteger.valueOf(slots[symbol]).multiply(state.divide(total)).add(BigInteger.valueOf(slot - first));
        fill();
        return symbol;
    }

    int byteSymbol() {
        long[] equal = new long[256];
        Arrays.fill(equal, 16);
        return symbol(equal);
    }

    int state() {
        return state.intValueExact();
    }

    private void fill() {
        while (state.compareTo(BigInteger.valueOf(1 << 23)) < 0 && stream.hasRemaining()) {
            state = state.multiply(BigInteger.valueOf(256)).add(BigInteger.valueOf(stream.get() & 0xFF));
        }
    }

    /** Returns the slots of a spread's symbols, by its formula. */
    static long[] slots(int spread) {
        double t = 0.1 * StrictMath.pow(2, spread / 4.0) * StrictMath.sqrt(3) / Math.PI;
        long[] slots = new long[64];
        double other = 1;
        long left = 4096;
        for (int o = -31; o <= 31; o++) {
            double p = 1 / (1 + StrictMath.exp(-(o + 0.5) / t)) - 1 / (1 + StrictMath.exp(-(o - 0.5) / t));
            other -= p;
            slots[o + 31] = 1 + (long) Math.floor(4032 * p);
            left -= slots[o + 31];
        }
        slots[63] = 1 + (long) Math.floor(4032 * Math.max(0, other));
        slots[31] += left - slots[63];
        return slots;
    }
}
