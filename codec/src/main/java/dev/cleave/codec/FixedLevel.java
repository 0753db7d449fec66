package dev.cleave.codec;

import dev.cleave.codec.frame.Bf16Rows;
import dev.cleave.codec.frame.FixedDecoder;
import dev.cleave.codec.frame.FixedEncoder;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.frame.Int8Rows;
import dev.cleave.codec.frame.LosslessRows;
import dev.cleave.codec.frame.RowFormat;

/**
 * A quality that spends the same number of bytes on every token.
 *
 * @param name as users write it
 * @param id stands in the frame
 * @param format how a row is written
 */
public record FixedLevel(String name, int id, RowFormat format) implements CodecLevel {
    /** Float32, bit for bit. */
    public static final FixedLevel LOSSLESS = new FixedLevel("lossless", 1, new LosslessRows());
    /** Bfloat16, rounded to nearest even. */
    public static final FixedLevel BF16 = new FixedLevel("bf16", 2, new Bf16Rows());
    /** Eight bits a value, asymmetric, one scale and minimum a token. */
    public static final FixedLevel INT8 = new FixedLevel("int8", 3, new Int8Rows());

    @Override
    public Encoder encoder(int width) {
        return new FixedEncoder(this, Frame.checkWidth(width));
    }

    @Override
    public Decoder decoder(int width) {
        return new FixedDecoder(this, Frame.checkWidth(width));
    }

    @Override
    public String toString() {
        return name;
    }
}
