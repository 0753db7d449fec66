package dev.cleave.quality.evaluation;

import dev.cleave.codec.CodecLevel;
import dev.cleave.codec.Decoder;
import dev.cleave.codec.Encoder;

/**
 * A way to write activations that an evaluation runs a model over: a codec level, or a rival of them.
 *
 * @param name as results say it
 * @param headerBytes of each frame, which are not counted among the bits of its values
 * @param encoder of one session
 * @param decoder of one session
 */
public record Coding(String name, int headerBytes, Encoder encoder, Decoder decoder) {
    /** Bytes of a frame that are not the quality's: header and checksum. */
    private static final int FRAME_HEADER = 12;

    /**
     * Returns that of a codec level, which is calibrated where it needs that.
     *
     * @param width d
     */
    public static Coding of(CodecLevel quality, int width) {
        return new Coding(quality.name(), FRAME_HEADER, quality.encoder(width), quality.decoder(width));
    }
}
