package dev.cleave.codec;

import dev.cleave.codec.frame.FixedDecoder;
import dev.cleave.codec.frame.FixedEncoder;
import dev.cleave.codec.frame.Frame;
import dev.cleave.codec.frame.LevelId;
import dev.cleave.codec.frame.RowFormat;

/**
 * A level that spends the same number of bytes on every token.
 *
 * @param name as users write it
 * @param id stands in the frame
 * @param format how a row is written
 */
record FixedLevel(String name, int id, RowFormat format) implements CodecLevel {
    /** Float32, bit for bit. */
    static final FixedLevel LOSSLESS = new FixedLevel("lossless", 1, RowFormat.FLOAT32);
    /** Bfloat16, rounded to nearest even. */
    static final FixedLevel BF16 = new FixedLevel("bf16", 2, RowFormat.BFLOAT16);
    /** Eight bits a value, asymmetric, one scale and minimum a token. */
    static final FixedLevel INT8 = new FixedLevel("int8", 3, RowFormat.INT8);

    @Override
    public Encoder encoder(int width) {
        return new FixedEncoder(new LevelId(id, name), format, Frame.checkWidth(width));
    }

    @Override
    public Decoder decoder(int width) {
        return new FixedDecoder(new LevelId(id, name), format, Frame.checkWidth(width));
    }

    @Override
    public String toString() {
        return name;
    }
}
