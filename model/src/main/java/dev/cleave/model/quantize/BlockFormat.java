package dev.cleave.model.quantize;

import dev.cleave.model.ModelException;
import dev.cleave.model.ModelException.Reason;

/**
 * How one row of weights is stored at 2, 4 or 8 bits.
 *
 * @param bits width of a code: 2, 4 or 8
 * @param columns weights of a row, K
 * @param block weights that share a scale
 */
public record BlockFormat(int bits, int columns, int block) {
    /** The widths of integer codes. */
    public BlockFormat {
        if (bits != 2 && bits != 4 && bits != 8) {
            throw new ModelException(
                    Reason.OUT_OF_RANGE, "width " + bits + " has no codes; widths with codes are 2, 4 and 8");
        }
    }

    /** Returns the format of a row: block 128 where it divides, else 64, else 32 with a padded last block. */
    public static BlockFormat of(int bits, int columns) {
        return new BlockFormat(bits, columns, columns % 128 == 0 ? 128 : columns % 64 == 0 ? 64 : 32);
    }

    /** Returns the blocks of a row: ceil(K / block). */
    public int blocks() {
        return (columns + block - 1) / block;
    }

    /** Returns the bytes of the codes of one block. */
    public int blockBytes() {
        return block * bits / 8;
    }

    /** Returns the bytes of the codes of one row. */
    public int rowBytes() {
        return blocks() * blockBytes();
    }

    /** Returns the code that stands for 0, 2^(bits-1); codes go from 0 to twice this, less one. */
    public int zero() {
        return 1 << (bits - 1);
    }
}
