package dev.cleave.codec.rans;

/** Little-endian fields in a byte array. By hand, because Android 26 has no view handles and a wrapped buffer is garbage. */
public final class LittleEndian {
    private LittleEndian() {}

    public static void putShort(byte[] out, int at, int value) {
        out[at] = (byte) value;
        out[at + 1] = (byte) (value >>> 8);
    }

    public static int getShort(byte[] in, int at) {
        return (in[at] & 0xFF) | (in[at + 1] & 0xFF) << 8;
    }

    public static void putInt(byte[] out, int at, int value) {
        out[at] = (byte) value;
        out[at + 1] = (byte) (value >>> 8);
        out[at + 2] = (byte) (value >>> 16);
        out[at + 3] = (byte) (value >>> 24);
    }

    public static int getInt(byte[] in, int at) {
        return (in[at] & 0xFF) | (in[at + 1] & 0xFF) << 8 | (in[at + 2] & 0xFF) << 16 | in[at + 3] << 24;
    }

    public static void putFloat(byte[] out, int at, float value) {
        putInt(out, at, Float.floatToRawIntBits(value));
    }

    public static float getFloat(byte[] in, int at) {
        return Float.intBitsToFloat(getInt(in, at));
    }
}
