package dev.cleave.model.quantize;

import java.util.Arrays;

/**
 * Receives the codes and scales of consecutive rows, packed as a bundle stores them: lowest bits first; weight = (code -
 * 2^(bits-1)) · scale.
 */
public final class QuantizedRows {
    private final BlockFormat format;
    private final byte[] codes;
    private final float[] scales;

    /**
     * Creates room for rows.
     *
     * @param format of each row
     * @param rows greatest number of rows
     */
    public QuantizedRows(BlockFormat format, int rows) {
        this.format = format;
        this.codes = new byte[Math.multiplyExact(rows, format.rowBytes())];
        this.scales = new float[Math.multiplyExact(rows, format.blocks())];
    }

    /** Returns the format of each row. */
    public BlockFormat format() {
        return format;
    }

    /** Returns the packed codes, [rows, blocks, block · bits / 8]. */
    public byte[] codes() {
        return codes;
    }

    /** Returns the scales, [rows, blocks]. */
    public float[] scales() {
        return scales;
    }

    /**
     * Stores one block.
     *
     * @param index of the block: row · blocks + block of the row
     * @param scale of its weights, which may be negative
     * @param blockCodes codes of its weights, each in 0..2^bits-1
     * @param count weights of the block that are no padding
     */
    public void put(int index, float scale, int[] blockCodes, int count) {
        scales[index] = scale;
        Arrays.fill(blockCodes, count, format.block(), format.zero());
        int bits = format.bits();
        int perByte = 8 / bits;
        int at = index * format.blockBytes();
        for (int i = 0; i < format.block(); i += perByte) {
            int packed = 0;
            for (int j = 0; j < perByte; j++) {
                packed |= blockCodes[i + j] << (j * bits);
            }
            codes[at++] = (byte) packed;
        }
    }
}
